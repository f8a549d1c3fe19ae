import CallCore
import JSON

/// A message that carries audio, found without allocating; its parts lie in the message.
struct MediaMessage {
  /// The id of its stream, where it has one.
  let streamID: UnsafeRawBufferPointer?
  /// Audio as Base64.
  let payload: UnsafeRawBufferPointer
  /// The number among the messages with audio.
  let chunk: UInt64?
  /// The provider's clock.
  let milliseconds: UInt64?
  /// Whether it is what the caller hears.
  let isOutbound: Bool

  /// - Returns: `nil` for another message, and for one that only the parser can read.
  init?(_ frame: UnsafeRawBufferPointer, streamKey: String?) {
    guard var scanner = MemberScanner(frame) else { return nil }
    var parts = Parts()
    let isWhole = scanner.forEach { depth, name, value in parts.add(depth, name, value, frame, streamKey: streamKey) }
    guard isWhole, parts.isMedia, let payload = parts.payload else { return nil }
    streamID = parts.streamID
    self.payload = payload
    chunk = parts.chunk
    milliseconds = parts.milliseconds
    isOutbound = parts.isOutbound
  }

  private struct Parts {
    var isMedia = false
    var isInMedia = false
    var streamID: UnsafeRawBufferPointer?
    var payload: UnsafeRawBufferPointer?
    var chunk: UInt64?
    var milliseconds: UInt64?
    var isOutbound = false

    mutating func add(
      _ depth: Int, _ name: UnsafeRawBufferPointer, _ value: MemberScanner.Value, _ frame: UnsafeRawBufferPointer,
      streamKey: String?
    ) {
      let text: UnsafeRawBufferPointer
      var isText = true
      switch value {
      case .object:
        isInMedia = name.isEqual(to: "media")
        return
      case .text(let range): text = UnsafeRawBufferPointer(rebasing: frame[range])
      case .plain(let range): (text, isText) = (UnsafeRawBufferPointer(rebasing: frame[range]), false)
      }
      if depth == 1 {
        if name.isEqual(to: "event") { isMedia = text.isEqual(to: "media") }
        if let streamKey, name.isEqual(to: streamKey) { streamID = text }
      } else if isInMedia {
        if isText, name.isEqual(to: "payload") { payload = text }
        if name.isEqual(to: "chunk") { chunk = text.wholeNumber }
        if name.isEqual(to: "timestamp") { milliseconds = text.wholeNumber }
        if name.isEqual(to: "track") { isOutbound = text.isEqual(to: "outbound") }
      }
    }
  }
}

/// Any other message of a provider, read in full.
struct ProviderMessage {
  /// Its kind.
  let event: String
  /// Its members.
  let fields: JSONFields

  /// Lists and objects within one another.
  private static let nestingMax = 8

  /// - Parameter key: the member that holds the kind.
  init(_ frame: UnsafeRawBufferPointer, key: String = "event") throws(WireFault) {
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: frame, nestingMax: Self.nestingMax)
    } catch {
      throw WireFault(error.kind == .tooDeep ? .tooDeep : .malformedJSON, "message: \(error)")
    }
    event = try JSONFields(value, place: "message").text(key, 1...WireLimits.nameCharactersMax)
    fields = try JSONFields(value, place: event)
  }

  /// The key of `dtmf`; Vonage has it in the message itself.
  func digit() throws(WireFault) -> Character {
    let fields = self.fields["dtmf"] == nil ? self.fields : try self.fields.object("dtmf")
    let text = try fields.text("digit")
    guard let digit = text.first, text.count == 1, ClientMessage.keys.contains(digit) else {
      throw fields.outOfRange("digit", "one of 0 to 9, * and #", .string(text))
    }
    return digit
  }

  /// The name of the mark that was reached.
  var markName: String? {
    for (object, name) in [("mark", "name"), ("payload", "mark")] {
      if case .string(let text)? = fields[object]?[name] { return text }
    }
    if case .string(let text)? = fields["name"] { return text }
    return nil
  }

  /// What a stream begins with.
  func start(_ dialect: TelephonyDialect) throws(WireFault) -> (streamID: String, request: StartRequest) {
    let start = dialect.isBinary ? fields : try fields.object("start")
    var request = StartRequest(flow: "")
    (request.codec, request.sampleRate) = try dialect.isBinary ? start.contentType() : start.mediaFormat(dialect)
    var metadata = try dialect.isBinary ? start.ownTexts() : dialect.parametersKey.map(start.texts) ?? [:]
    request.flow = try Self.name("flow", from: &metadata, start) ?? ""
    request.voice = try Self.name("voice", from: &metadata, start)
    request.today = metadata.removeValue(forKey: "today")
    request.now = metadata.removeValue(forKey: "now")
    try StartRequest.checkDay(request.today, and: request.now, of: start)
    for name in ["from", "to"] {
      let number = try start.optionalText(name, 0...WireLimits.nameCharactersMax)
      metadata[name] = metadata[name] ?? number
    }
    metadata["callId"] = try start.optionalText(dialect.callKey, 1...WireLimits.nameCharactersMax)
    var streamID: String?
    if let key = dialect.streamKey {
      // Telnyx has it in the message alone.
      let owner = start[key] == nil ? fields : start
      streamID = try owner.text(key, 1...WireLimits.nameCharactersMax)
    }
    metadata["streamId"] = streamID
    try StartRequest.checkMetadata(metadata, place: event)
    request.metadata = metadata
    return (streamID ?? "", request)
  }

  /// Takes the name of a flow or a voice out of the parameters.
  private static func name(
    _ key: String, from metadata: inout [String: String], _ start: JSONFields
  ) throws(WireFault) -> String? {
    guard let name = metadata.removeValue(forKey: key) else { return nil }
    guard (1...WireLimits.nameCharactersMax).contains(name.unicodeScalars.count) else {
      throw start.outOfRange(key, "a name of 1 to \(WireLimits.nameCharactersMax) characters", .string(name))
    }
    return name
  }
}

extension JSONFields {
  /// A count that providers write as a number or as a text of digits; `nil` for anything else.
  func count(_ name: String) -> UInt64? {
    switch self[name] {
    case .integer(let number): UInt64(exactly: number)
    case .string(let text): UInt64(text)
    default: nil
    }
  }

  /// The text, if it is one.
  func textIfAny(_ name: String) -> String? {
    if case .string(let text)? = self[name] { return text }
    return nil
  }

  /// The texts of the object itself: what Vonage was told to pass on.
  fileprivate func ownTexts() throws(WireFault) -> [String: String] {
    var texts = memberTexts
    for name in ["event", "content-type"] { texts[name] = nil }
    return texts
  }

  fileprivate func mediaFormat(_ dialect: TelephonyDialect) throws(WireFault) -> (AudioCodec, Int) {
    guard self[dialect.formatKey] != nil else { return (.mulaw, 8000) }
    let format = try object(dialect.formatKey)
    return try format.supported(try format.text("encoding"), format.count(dialect.rateKey))
  }

  /// Such as `audio/l16;rate=16000`.
  fileprivate func contentType() throws(WireFault) -> (AudioCodec, Int) {
    let parts = try text("content-type").split(separator: ";").map { $0.filter { !$0.isWhitespace } }
    let rate = parts.dropFirst().first { $0.hasPrefix("rate=") }.flatMap { UInt64($0.dropFirst(5)) }
    return try supported(parts.first ?? "", rate)
  }

  private func supported(_ encoding: String, _ rate: UInt64?) throws(WireFault) -> (AudioCodec, Int) {
    guard let codec = TelephonyDialect.codec(encoding) else {
      throw WireFault(.outOfRange, "\(place): expected µ-law, A-law or linear samples, got \(encoding.quoted)")
    }
    let rate = rate.flatMap(Int.init(exactly:)) ?? 8000
    guard codec.sampleRates.contains(rate) else {
      let rates = codec.sampleRates.map { "\($0)" }.joined(separator: ", ")
      throw WireFault(.outOfRange, "\(place): expected a rate of \(rates), got \(rate)")
    }
    return (codec, rate)
  }
}
