public import CallCore
import JSON

/// The messages that come once or now and then.
extension TelephonyPlatformSide {
  /// Writes what a stream begins with.
  public func begin(_ write: (String) -> Void) {
    if dialect.isBinary { return write(binaryStart) }
    if dialect.saysConnected { write(connected) }
    write(start)
  }

  /// Writes a key that the caller pressed.
  public func send(_ key: Key, _ write: (String) -> Void) {
    let digit = String(key.character)
    guard !dialect.isBinary else {
      return write(message("websocket:dtmf") { $0.field("digit", digit) })
    }
    write(
      message("dtmf") { writer in
        writer.object("dtmf") { writer in
          writer.field("track", "inbound_track")
          writer.field("digit", digit)
        }
      })
  }

  /// Everything before a mark has been played.
  func markMessage(_ name: String) -> String {
    message(dialect.isBinary ? "websocket:notify" : dialect.reachedEvent) { writer in
      if dialect.isBinary {
        writer.object("payload") { $0.field("mark", name) }
      } else if dialect.reachedEvent == "mark" {
        writer.object("mark") { $0.field("name", name) }
      } else {
        writer.field("name", name)
      }
    }
  }

  /// Writes what comes of `clear`: the marks that were dropped with the audio, or that there is no audio any more.
  func writeCleared(_ marks: [String], _ write: (String) -> Void) {
    if dialect.returnsMarksOnClear { for name in marks { write(markMessage(name)) } }
    if let event = dialect.clearedEvent { write(message(event) { _ in }) }
  }

  /// Writes that the caller hung up.
  public func end(_ write: (String) -> Void) {
    guard !dialect.isBinary else { return }  // Vonage just closes
    write(
      message("stop") { writer in
        writer.object("stop") { writer in
          if let key = dialect.accountKey { writer.field(key, call.id("AC", 3)) }
          writer.field(dialect.callKey, call.id("CA", 2))
        }
      })
  }

  // MARK: - As text

  private var connected: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("event", "connected")
      if dialect.wire == .twilio { writer.field("protocol", "Call") }
      writer.field("version", "1.0.0")
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private var binaryStart: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("event", "websocket:connected")
      writer.field("content-type", "audio/l16;rate=\(format.sampleRate)")
      for (name, value) in call.parameters.sorted(by: { $0.key < $1.key }) { writer.field(name, value) }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private var start: String {
    message("start") { writer in
      writer.object("start") { writer in
        if let key = dialect.accountKey { writer.field(key, call.id("AC", 3)) }
        if let key = dialect.streamKey, dialect.wire != .telnyx { writer.field(key, streamID) }
        writer.field(dialect.callKey, call.id("CA", 2))
        if dialect.startNamesNumbers {
          writer.field("from", call.from)
          writer.field("to", call.to)
        } else {
          writer.list("tracks", ["inbound"]) { $0.value($1) }
        }
        if let key = dialect.parametersKey { writer.field(key, call.parameters) }
        writer.object(dialect.formatKey) { writer in
          writer.field("encoding", dialect.encodingName(of: format.codec))
          if dialect.wire == .exotel {
            writer.field(dialect.rateKey, "\(format.sampleRate)")
            writer.field("bit_rate", "128kbps")
          } else {
            writer.field(dialect.rateKey, format.sampleRate)
            if dialect.wire != .plivo { writer.field("channels", 1) }
          }
        }
      }
    }
  }

  private func message(_ event: String, _ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("event", event)
      if !dialect.isBinary {
        sequence += 1
        if dialect.countsAreNumbers {
          writer.field(dialect.sequenceKey, sequence)
        } else {
          writer.field(dialect.sequenceKey, "\(sequence)")
        }
        if let key = dialect.streamKey { writer.field(key, streamID) }
      }
      members(&writer)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
