import CallCore
import CallDriver
import JSON
import WebSockets

/// Speech to text by the service: `POST audio/transcriptions` in OpenAI's shape. Blocks its thread within `RemoteTimes`.
final class RemoteRecognizer: SpeechRecognizer {
  /// OpenAI refuses less than 0.1 s of sound, and no word is so short.
  private static let samplesMin = 1600
  private static let sampleRate = 16_000
  /// Largest answer that is read: half an hour of talk has 30 KB of text.
  private static let answerBytesMax = 1 << 20

  private let client: RemoteSpeechClient

  init(_ client: RemoteSpeechClient) { self.client = client }

  func transcribe(_ turn: [Int16]) throws(EngineError) -> String {
    try transcribe(turn, cancellation: CancellationToken())
  }

  func transcribe(_ turn: [Int16], cancellation: CancellationToken) throws(EngineError) -> String {
    guard turn.count >= Self.samplesMin else { return "" }
    var form = MultipartBody()
    form.add("model", client.service.transcriptionModel)
    form.add("response_format", "json")
    form.add(
      "file", file: WAVFile.bytes(samples: turn, channels: 1, sampleRate: Self.sampleRate), named: "turn.wav",
      type: "audio/wav")
    form.end()
    let limits = client.service.times.transcription(seconds: turn.count / Self.sampleRate)
    let request = client.request(
      "POST", url: client.service.base + "/audio/transcriptions",
      headers: [("content-type", MultipartBody.contentType)],
      body: form.bytes, answerMax: limits.answer, max: limits.whole, bytesMax: Self.answerBytesMax)
    return try client.ask(
      RemoteSpeechClient.Question(kind: .recognition, request: request, cancellation: cancellation), read: Self.words)
  }

  private static func words(in response: HTTPClientResponse) throws(RemoteFault) -> String {
    let document: JSONValue
    do throws(JSONFault) { document = try JSONValue(parsing: response.body) } catch {
      throw .malformed("its transcription is no JSON (\(error))")
    }
    guard case .string(let text)? = document["text"] else { throw .malformed("its transcription has no text") }
    // Recognisers write notes for music and dots for silence.
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return "" }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// Writes a form with a file (RFC 7578).
struct MultipartBody {
  /// Where parts end: it must not stand in any of them. A sound could hold it by chance once in 2²⁵⁰ files.
  private static let boundary = "voiceforge-8f1c2a5e9b7d4c3e6a0f1b2d3c4e5f60"

  private(set) var bytes: [UInt8] = []

  /// The header field that goes with it.
  static var contentType: String { "multipart/form-data; boundary=\(boundary)" }

  mutating func add(_ name: String, _ text: String) {
    begin("form-data; name=\"\(name)\"", type: nil)
    bytes += Array("\(text)\r\n".utf8)
  }

  mutating func add(_ name: String, file: [UInt8], named fileName: String, type: String) {
    begin("form-data; name=\"\(name)\"; filename=\"\(fileName)\"", type: type)
    bytes += file
    bytes += Array("\r\n".utf8)
  }

  /// Nothing may be added after this.
  mutating func end() { bytes += Array("--\(Self.boundary)--\r\n".utf8) }

  private mutating func begin(_ disposition: String, type: String?) {
    let type = type.map { "content-type: \($0)\r\n" } ?? ""
    bytes += Array("--\(Self.boundary)\r\ncontent-disposition: \(disposition)\r\n\(type)\r\n".utf8)
  }
}
