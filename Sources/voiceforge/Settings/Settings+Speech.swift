import ArgumentParser
import CallCore
import Engines
import RemoteServices

/// What the environment says about the speech of other nodes.
extension Settings {
  /// The variable of the service's address.
  static let speechURLName = "VOICEFORGE_SPEECH_URL"

  /// `VOICEFORGE_ROLE`, or `all`.
  func role() throws(CommandFault) -> NodeRole {
    try choice("VOICEFORGE_ROLE") { NodeRole(rawValue: $0) } ?? .all
  }

  /// The service that `VOICEFORGE_SPEECH_URL` names, with its key, models and voices.
  /// - Throws: what is wrong; never shows the key.
  func speechService() throws(CommandFault) -> RemoteService? {
    guard let url = self[Self.speechURLName] else { return nil }
    var service: RemoteService
    do throws(RemoteAddress.Fault) {
      service = try RemoteService(url: url, key: self["VOICEFORGE_SPEECH_KEY"])
    } catch {
      throw CommandFault("VOICEFORGE_SPEECH_URL and VOICEFORGE_SPEECH_KEY: \(error)")
    }
    if let model = self["VOICEFORGE_SPEECH_MODEL"] { service.speechModel = model }
    if let model = self["VOICEFORGE_TRANSCRIPTION_MODEL"] { service.transcriptionModel = model }
    if let voices = self["VOICEFORGE_SPEECH_VOICES"] {
      service.voices = voices.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    }
    return service
  }

  /// The same for a node of `role`: none where it makes speech for others, and one that must be there where it has no other.
  func speechService(for role: NodeRole) throws(CommandFault) -> RemoteService? {
    let service = try speechService()
    switch role {
    case .speech: return nil
    case .all: return service
    case .calls:
      guard let service else {
        throw CommandFault(
          "--role calls has no speech of its own: set VOICEFORGE_SPEECH_URL to a node with --role speech or all, such as "
            + "http://speech.example:8080, or to another service in OpenAI's shape, such as https://api.example/v1")
      }
      return service
    }
  }
}

/// What a server does of the two things that cost: making speech, and carrying calls.
enum NodeRole: String, CaseIterable, ExpressibleByArgument {
  /// Both.
  case all
  /// Makes and recognises speech for other nodes and programs; takes no calls.
  case speech
  /// Carries calls with the speech of another node or service.
  case calls

  /// The engines that such a node loads.
  var engineParts: Set<EnginePart> { self == .calls ? [.detector] : Set(EnginePart.allCases) }
}
