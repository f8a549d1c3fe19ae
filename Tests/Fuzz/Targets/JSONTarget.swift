import JSON
import Wires
import Formats

/// JSON and what is read from it: the first byte says which reader takes the rest.
final class JSONTarget: FuzzTarget {
  static let name = "json"

  private static let readers: [@Sendable ([UInt8]) -> Void] = [
    { bytes in
      guard let value = try? JSONValue(parsing: bytes) else { return }
      _ = value.summary
      require((try? JSONValue(parsing: bytes)) == value, "the same text is the same value")
    },
    { bytes in
      guard let message = try? ClientMessage(decoding: bytes) else { return }
      require((try? ClientMessage(decoding: message.json)) == message, "a message is read as it was written")
    },
    { bytes in
      guard let message = try? ServerMessage(decoding: bytes) else { return }
      _ = message.jsonText
    },
    { _ = try? FlowDryRunRequest(parsing: $0) },
    { _ = try? KeyRequest(parsing: $0) },
    { _ = try? TestRunRequest(parsing: $0) },
    { _ = try? LoadRequest(parsing: $0) },
    { _ = try? LoadEvent(parsing: $0) },
    { _ = try? SpeechRequest(parsing: $0) },
    { _ = try? SayRequest(parsing: $0, defaultVoice: "heart") },
    { bytes in
      guard let cases = try? TestCaseDocument.read(bytes, flow: "appointment") else { return }
      let again = try? TestCaseDocument.read(JSONObject.array(cases.map(JSONObject.testCase)), flow: "appointment")
      require(again == cases, "cases are read as they were written")
    },
    { _ = try? CallArchive.record(summary: $0, course: nil) },
    { _ = try? TestRunArchive.run(summary: $0, transcript: nil) },
    { _ = try? TestCaseArchive.testCase(from: $0) },
    { _ = try? KeyArchive.key(from: $0) },
    { _ = try? UsageArchive.share(from: $0) },
    { _ = try? MatchedVoiceArchive.voice(from: $0) },
    { _ = try? ExportedIDs(parsing: $0) },
    { _ = try? ExportSummary(parsing: $0) },
    { _ = try? FlowVersionArchive.version(from: $0) },
  ]

  func run(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    Self.readers[Int(first) % Self.readers.count](Array(bytes.dropFirst()))
  }
}
