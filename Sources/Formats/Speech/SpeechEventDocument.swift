package import CallCore
package import JSON

extension JSONObject {
  /// An event of `POST /v1/audio/speech` with `stream_format: "sse"`: some sound.
  /// - Parameter base64: bytes of the file, that can be decoded alone.
  package static func speechDelta(base64: String) -> JSONObject {
    JSONObject { writer in
      writer.field("type", "speech.audio.delta")
      writer.field("audio", base64)
    }
  }

  /// Its last event. There are no tokens here: the text's characters stand for those that go in, and each 50 ms of sound, begun ones too, for
  /// one that comes out.
  /// - Parameters:
  ///   - characters: of the text, as usage counts them.
  ///   - sound: length of the whole.
  package static func speechDone(characters: Int, sound: CallDuration) -> JSONObject {
    let tokens = Int((sound.microseconds + tokenMicroseconds - 1) / tokenMicroseconds)
    return JSONObject { writer in
      writer.field("type", "speech.audio.done")
      writer.object("usage") { writer in
        writer.field("input_tokens", characters)
        writer.field("output_tokens", tokens)
        writer.field("total_tokens", characters + tokens)
      }
    }
  }

  private static let tokenMicroseconds: Int64 = 50_000

  /// An event of a transcription with `stream`: the words of one passage, with a blank in front but for the first.
  package static func transcriptDelta(_ text: String) -> JSONObject {
    JSONObject { writer in
      writer.field("type", "transcript.text.delta")
      writer.field("delta", text)
    }
  }

  /// Its last event: all words. No usage: the recogniser counts no tokens.
  package static func transcriptDone(_ text: String) -> JSONObject {
    JSONObject { writer in
      writer.field("type", "transcript.text.done")
      writer.field("text", text)
    }
  }
}
