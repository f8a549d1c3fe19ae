public import CallCore
import JSON

/// The provider's end of a media stream: what a telephone platform sends to a bot, and what it reads of it. It has no clock and no socket; a
/// frame of audio allocates nothing.
public final class TelephonyPlatformSide: PlatformSide {
  let dialect: TelephonyDialect
  let call: TelephonyCall
  let streamID: String
  /// How audio travels, both ways.
  public let format: AudioFormat
  private let media: CallerMedia
  private let payload = AudioPayload()
  /// Messages sent, without the greeting.
  var sequence = 0
  private var receivedBytes = 0
  private var log = ConformanceLog()

  /// - Parameter wire: of a telephone provider.
  /// - Returns: `nil` for a wire of another kind, and for a format that the provider does not have.
  public init?(_ wire: CallWire, _ call: TelephonyCall) {
    guard let dialect = TelephonyDialect(wire), let format = call.format ?? dialect.streamFormats.first,
      dialect.streamFormats.contains(format)
    else { return nil }
    self.format = format
    self.dialect = dialect
    self.call = call
    streamID = call.id("MZ", 1)
    media = CallerMedia(
      dialect, streamID: streamID, format,
      startedAtMilliseconds: dialect.countsAreNumbers ? call.startedAtUnixMilliseconds : 0)
  }

  /// The provider's.
  public var wire: CallWire { dialect.wire }
  /// What the provider would have complained about so far.
  public var findings: [ConformanceFinding] { log.findings }

  /// Longest message of a bot that is read: a minute and a half of µ-law. Bots send speech in pieces of any length; a sentence is usual.
  public static let messageBytesMax = 1 << 20
  /// Longest name of a mark, in characters; bots use numbers and UUIDs.
  public static let markCharactersMax = 256

  // MARK: - To the bot

  /// Writes 20 ms of the caller, or keeps them until a message of the provider is full.
  /// - Parameter number: of the packet, from 0; what the network lost leaves a gap.
  public func send(_ packet: UnsafeRawBufferPointer, number: UInt32, _ write: (WireFrame) -> Bool) {
    guard media.send(packet, number: Int(number), sequence: &sequence, write) else {
      return log.note(.slowReader, at: receivedBytes, "the bot does not read: audio of the caller was dropped")
    }
  }

  // MARK: - From the bot

  /// Reads a message of the bot: what it says and marks is queued, what it drops is dropped, which it is told. What is wrong with it becomes a
  /// finding, and the stream goes on.
  public func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, at now: Timestamp, into queue: inout PlayoutQueue,
    _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) {
    defer { receivedBytes += frame.count }
    guard frame.count <= Self.messageBytesMax else {
      return complain("a message of \(frame.count) bytes, expected at most \(Self.messageBytesMax)")
    }
    guard isText else {
      if dialect.isBinary { return append(frame, &queue) }
      return log.note(.binary, at: receivedBytes, "a binary message of \(frame.count) bytes, expected text")
    }
    if !dialect.isBinary, let media = BotMedia(frame, dialect) {
      if media.hasMore, dialect.isStrict { complain("\(dialect.mediaEvent) with more members than belong there") }
      guard isOurs(media.streamID), isSpoken(media.contentType) else { return }
      return append(payload: media.payload, &queue)
    }
    do throws(WireFault) {
      try receive(try ProviderMessage(frame, key: dialect.botEventKey), &queue, write, handle)
    } catch {
      complain(error.message)
    }
  }

  /// The mark goes back to the bot.
  public func reached(_ mark: String, at now: Timestamp, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void) {
    write(markMessage(mark))
  }

  /// The bot closed the connection, which ends a call.
  public func closed(code: Int, reason: String) -> PlatformEnd {
    log.note(.closed, at: receivedBytes, "the bot closed the connection")
    return .usual(code)
  }

  private func receive(
    _ message: ProviderMessage, _ queue: inout PlayoutQueue, _ write: (String) -> Void,
    _ handle: (PlatformEvent) -> Void
  ) throws(WireFault) {
    let fields = message.fields
    let name = message.event
    if let key = dialect.streamKey {
      let id = try fields.optionalText(key)
      if id == nil, dialect.isStrict { complain("\(name).\(key): expected the id of the stream, got nothing") }
      guard id.map({ Array($0.utf8).withUnsafeBytes { isOurs($0) } }) ?? true else { return }
    }
    switch name {
    case dialect.mediaEvent where !dialect.isBinary:
      check(fields, name, "media")
      let media = try fields.object("media")
      if dialect.isStrict, media.memberNames != ["payload"] { complain("media with more members than `payload`") }
      let payload = try media.text("payload")
      let type = try media.optionalText("contentType").map { Array($0.utf8) }
      guard type?.withUnsafeBytes({ isSpoken($0) }) ?? true else { return }
      Array(payload.utf8).withUnsafeBytes { append(payload: $0, &queue) }
    case dialect.clearEvent:
      check(fields, name, nil)
      writeCleared(queue.clear(), write)
      handle(.cleared)
    case dialect.isBinary ? "notify" : dialect.markEvent:
      check(fields, name, "mark")
      if !queue.append(mark: try markName(fields)) { noteQueueFull() }
    case "sendDTMF" where dialect.wire == .plivo: break
    default: complain("\(dialect.botEventKey): \(name.quoted) is none of \(dialect.wire.rawValue)'s for bots")
    }
  }

  private func markName(_ fields: JSONFields) throws(WireFault) -> String {
    let range = 1...Self.markCharactersMax
    if dialect.isBinary { return try fields.object("payload").text("mark", range) }
    guard dialect.markEvent == "mark" else { return try fields.text("name", range) }
    return try fields.object("mark").text("name", range)
  }

  /// Notes a member that does not belong into a message, where the provider does.
  private func check(_ fields: JSONFields, _ name: String, _ member: String?) {
    guard dialect.isStrict, let key = dialect.streamKey else { return }
    let known = Set(["event", key, member].compactMap(\.self))
    if let more = fields.memberNames.subtracting(known).min() {
      complain("\(name).\(more.quoted) does not belong there")
    }
  }

  private func isOurs(_ id: UnsafeRawBufferPointer?) -> Bool {
    guard let key = dialect.streamKey else { return true }
    guard let id else {
      if dialect.isStrict { complain("\(dialect.mediaEvent).\(key): expected the id of the stream, got nothing") }
      return true
    }
    if id.isEqual(to: streamID) { return true }
    complain("\(key): expected \(streamID), got \(String(decoding: id, as: UTF8.self).quoted)")
    return false
  }

  /// Whether a message's audio is what the stream carries, as far as it says. What is not would be noise and is dropped.
  private func isSpoken(_ contentType: UnsafeRawBufferPointer?) -> Bool {
    guard let contentType else { return true }
    let name = dialect.encodingName(of: format.codec)
    if contentType.starts(with: name.utf8) { return true }
    complain(
      "media.contentType: the stream carries \(name), got \(String(decoding: contentType, as: UTF8.self).quoted)"
    )
    return false
  }

  private func append(payload text: UnsafeRawBufferPointer, _ queue: inout PlayoutQueue) {
    if payload.decode(text, { append($0, &queue) }) { return }
    complain("media.payload: expected audio as Base64, got what is none")
  }

  private func append(_ audio: UnsafeRawBufferPointer, _ queue: inout PlayoutQueue) {
    let isHalf = format.codec == .pcm16 && !audio.count.isMultiple(of: 2)
    if isHalf { complain("audio of \(audio.count) bytes, expected whole samples of two") }
    let whole = isHalf ? UnsafeRawBufferPointer(rebasing: audio.dropLast()) : audio
    if !queue.append(whole) { noteQueueFull() }
  }

  private func noteQueueFull() { log.noteQueueFull(.queueFull, at: receivedBytes) }

  private func complain(_ text: @autoclosure () -> String) { log.note(.badMessage, at: receivedBytes, text()) }
}
