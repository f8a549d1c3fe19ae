import CallCore
import CallDriver
import CallWire
import WebSockets
import Threads

/// The voices of the service, as far as they are known.
final class RemoteVoices: Sendable {
  /// Voices taken from one service; further ones are left out. Nodes of ours have some 300.
  private static let countMax = 1000
  /// Largest list that is read.
  private static let listBytesMax = 4 << 20
  /// OpenAI's names, for services that have no list of voices. The first is the default.
  private static let commonNames = [
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
  ]

  private let line: RemoteSpeechClient
  /// In front of the ids, so that they are nobody else's.
  private let prefix: String
  private let kept: Locked<[Voice]>

  init(_ line: RemoteSpeechClient, prefix: String) {
    self.line = line
    self.prefix = prefix
    kept = Locked(line.service.voices.map { Self.voice(named: $0, prefix: prefix) })
  }

  var voices: [Voice] { kept.withLock { $0 } }

  /// As the service calls it; `nil` when there is none.
  func name(of voice: Voice.ID) -> String? {
    kept.withLock { voices in voices.contains { $0.id == voice } } ? String(voice.dropFirst(prefix.count)) : nil
  }

  /// Asks the service for its list, unless the settings name the voices. Blocks.
  func refresh() {
    guard line.service.voices.isEmpty else { return }
    let times = line.service.times
    let request = line.request(
      "GET", url: line.service.voicesURL, answerMax: times.lookMax, max: times.lookMax, bytesMax: Self.listBytesMax)
    let found: [Voice]
    do throws(RemoteFault) { found = Self.list(in: try line.look(request), prefix: prefix) } catch {
      return  // the old list stays; whether the service is away is found out elsewhere
    }
    let names = Self.commonNames.map { Self.voice(named: $0, prefix: prefix) }
    kept.withLock { $0 = found.isEmpty ? ($0.isEmpty ? names : $0) : found }
  }

  /// The shape of `GET /api/voices`; empty for anything else. The default comes first.
  private static func list(in response: HTTPClientResponse, prefix: String) -> [Voice] {
    guard response.status == 200 else { return [] }
    let document: JSONValue
    do throws(JSONFault) { document = try JSONValue(parsing: response.body) } catch { return [] }
    guard case .array(let rows)? = document["voices"] else { return [] }
    let voices = rows.prefix(countMax).compactMap { voice(in: $0, prefix: prefix) }
    guard let first = document.text(at: "default").map({ prefix + $0 }) else { return voices }
    return voices.filter { $0.id == first } + voices.filter { $0.id != first }
  }

  private static func voice(in row: JSONValue, prefix: String) -> Voice? {
    guard let id = row.text(at: "id"), !id.isEmpty, id.utf8.count <= 200 else { return nil }
    func text(_ name: String, _ otherwise: String) -> String { row.text(at: name) ?? otherwise }
    return Voice(
      id: prefix + id, name: text("name", id), language: text("language", "mul"), gender: text("gender", "neutral"),
      description: text("description", "A voice of another node."),
      engine: prefix.isEmpty ? text("engine", "remote") : "remote", sampleRate: RemoteSynthesizer.sampleRate,
      pitchHz: row["pitchHz"]?.wholeNumber.map { Int(clamping: $0) })
  }

  /// One of which only the name is known; `mul` is "several languages" (ISO 639-2).
  private static func voice(named name: String, prefix: String) -> Voice {
    Voice(
      id: prefix + name, name: name, language: "mul", gender: "neutral", description: "A voice of another service.",
      engine: "remote", sampleRate: RemoteSynthesizer.sampleRate)
  }
}
