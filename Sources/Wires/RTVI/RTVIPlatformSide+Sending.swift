public import CallCore
import JSON

/// The messages that come once or now and then.
extension RTVIPlatformSide {
  /// Says what a test wants of the bot, and that the caller is ready. `eval-connect` has to be first: by it a bot knows a test.
  public func begin(_ write: (String) -> Void) {
    write(
      clientMessage("eval-connect") { writer in
        writer.field("skip_tts", false)
        writer.field("capture_bot_audio", true)
        writer.field("capture_bot_images", false)
      })
    write(
      clientMessage("eval-configure") { writer in
        writer.object("function_call_report_level") { $0.field("*", "full") }
        writer.field("vad_user_speaking", true)
      })
    write(
      message("client-ready", id: "client-ready") { writer in
        writer.field("version", Self.version)
        writer.object("about") { $0.field("library", "voiceforge") }
      })
  }

  /// Writes a key that the caller pressed. Before RTVI 2.1 a message had one.
  public func send(_ key: Key, _ write: (String) -> Void) {
    let digit = String(key.character)
    let isOld = botVersion.map { $0.lexicographicallyPrecedes([2, 1, 0]) } ?? false
    write(
      message("dtmf", id: "key") { writer in
        if isOld { writer.field("button", digit) } else { writer.list("buttons", [digit]) }
      })
  }

  /// Writes a line that the caller typed, to be answered aloud at once.
  public func send(text: String, _ write: (String) -> Void) {
    write(
      message("send-text", id: "text") { writer in
        writer.field("content", text)
        writer.object("options") { writer in
          writer.field("run_immediately", true)
          writer.field("audio_response", true)
        }
      })
  }

  /// Ends the bot's pipeline; one that is only left would wait for another client.
  public func end(_ write: (String) -> Void) { write(clientMessage("eval-cancel") { _ in }) }

  private func clientMessage(_ kind: String, _ members: (inout JSONWriter) -> Void) -> String {
    message("client-message", id: kind) { writer in
      writer.field("t", kind)
      writer.object("d", members)
    }
  }

  private func message(_ type: String, id: String, _ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("label", "rtvi-ai")
      writer.field("type", type)
      writer.field("id", id)
      writer.object("data", members)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
