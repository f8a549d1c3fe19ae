import CallCore
import Formats
import JSON

/// Speech as events (WHATWG HTML, 9.2.6), in OpenAI's shape.
enum SpeechEvents {
  /// Bytes of the file in one event: a multiple of three, so that each event can be decoded alone, and small beside what a client holds.
  private static let soundBytesMax = 24_576

  /// One event for each piece of `sound`.
  static func deltas(_ sound: [UInt8]) -> [UInt8] {
    var events: [UInt8] = []
    events.reserveCapacity(sound.count / 3 * 4 + sound.count / soundBytesMax * 64 + 128)
    for start in stride(from: 0, to: sound.count, by: soundBytesMax) {
      let piece = Array(sound[start..<min(start + soundBytesMax, sound.count)])
      events += EventStreamReply.event(JSONObject.speechDelta(base64: KeyedDigest.base64(piece)).json)
    }
    return events
  }

  /// The last event.
  /// - Parameters:
  ///   - characters: of the text, as usage counts them.
  ///   - sound: length of the whole.
  static func done(_ characters: Int, _ sound: CallDuration) -> [UInt8] {
    EventStreamReply.event(JSONObject.speechDone(characters: characters, sound: sound).json)
  }

  /// The last event of what cannot go on.
  static func failed(_ refusal: SpeechRefusal) -> [UInt8] { EventStreamReply.event(refusal.fault.json) }
}
