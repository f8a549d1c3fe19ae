public import CallCore
public import JSON

/// What a client asks for in `start`, the first message of a call.
public struct StartRequest: Sendable, Equatable {
  /// Name of the flow; 1 … `WireLimits.nameCharactersMax` characters.
  public var flow: String
  /// How both sides write audio.
  public var codec: AudioCodec
  /// Samples per second, one of `codec.sampleRates`.
  public var sampleRate: Int
  /// Id of the agent's voice; `nil` for the flow's own.
  public var voice: String?
  /// The caller's own notes, kept with the call; at most `WireLimits.metadataEntriesMax`.
  public var metadata: [String: String]
  /// For flows that draw lots; `nil` lets the server draw one.
  public var seed: Int64?
  /// The day that this call's flow takes for today, as `YYYY-MM-DD`; `nil` for the server's own. For calls that must come out the
  /// same on any day.
  public var today: String?
  /// The time that this call's flow takes for the beginning of the call, as `15:30`; `nil` for the server's own, or for none where
  /// `today` is given.
  public var now: String?

  /// Whether keys are to be found in the caller's sound, for clients that carry a telephone's.
  public var keyTones = false

  /// The trace that the call belongs to, as W3C Trace Context writes it, for clients that can set no header; what is none is ignored.
  public var traceparent: String?

  package init(
    flow: String, codec: AudioCodec = .opus, sampleRate: Int? = nil, voice: String? = nil,
    metadata: [String: String] = [:], seed: Int64? = nil, today: String? = nil, now: String? = nil
  ) {
    self.flow = flow
    self.codec = codec
    self.sampleRate = sampleRate ?? codec.defaultSampleRate
    self.voice = voice
    self.metadata = metadata
    self.seed = seed
    self.today = today
    self.now = now
  }

  init(_ fields: JSONFields) throws(WireFault) {
    flow = try fields.text("flow", 1...WireLimits.nameCharactersMax)
    codec = try fields.optionalChoice("codec", of: AudioCodec.allCases) ?? .opus
    sampleRate = try Self.sampleRate(fields, codec)
    voice = try fields.optionalText("voice", 1...WireLimits.nameCharactersMax)
    metadata = try Self.metadata(fields)
    seed = try fields.optionalSeed("seed").map(Int64.init)
    today = try fields.optionalText("today")
    now = try fields.optionalText("now")
    keyTones = try fields["keyTones"] == nil ? false : fields.flag("keyTones")
    // What is none is ignored, whatever it is, as the recommendation wants.
    traceparent = fields["traceparent"].flatMap { value in
      if case .string(let text) = value, text.utf8.count <= WireLimits.nameCharactersMax { text } else { nil }
    }
    try Self.checkDay(today, and: now, of: fields)
  }

  /// - Throws: for what is no day or no time.
  static func checkDay(_ today: String?, and now: String?, of fields: JSONFields) throws(WireFault) {
    if let today, CalendarDate(today) == nil {
      throw fields.outOfRange("today", "a day such as \"2026-03-02\"", .string(today))
    }
    if let now, !now.isClockTime { throw fields.outOfRange("now", "a time such as \"15:30\"", .string(now)) }
  }

  private static func sampleRate(_ fields: JSONFields, _ codec: AudioCodec) throws(WireFault) -> Int {
    guard let value = fields["sampleRate"] else { return codec.defaultSampleRate }
    let rate = try fields.number("sampleRate", 1...WireLimits.wholeNumberMax)
    guard codec.sampleRates.contains(rate) else {
      let rates = codec.sampleRates.map { "\($0)" }.joined(separator: ", ")
      throw fields.outOfRange("sampleRate", "one of \(rates) with \(codec.rawValue)", value)
    }
    return rate
  }

  private static func metadata(_ fields: JSONFields) throws(WireFault) -> [String: String] {
    let metadata = try fields.texts("metadata")
    try checkMetadata(metadata, place: "start.metadata")
    return metadata
  }

  /// - Throws: when they are more than is kept with a call.
  static func checkMetadata(_ metadata: [String: String], place: String) throws(WireFault) {
    guard metadata.count <= WireLimits.metadataEntriesMax else {
      throw WireFault(
        .tooLong, "\(place): expected at most \(WireLimits.metadataEntriesMax) entries, got \(metadata.count)")
    }
    let bytes = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    guard bytes <= WireLimits.metadataBytesMax else {
      throw WireFault(
        .tooLong, "\(place): expected at most \(WireLimits.metadataBytesMax) bytes in all, got \(bytes)")
    }
  }
}

extension StartRequest: JSONDocument {
  /// Writes everything that is set.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("flow", flow)
    writer.field("codec", codec.rawValue)
    writer.field("sampleRate", sampleRate)
    if let voice { writer.field("voice", voice) }
    if !metadata.isEmpty { writer.field("metadata", metadata) }
    if let seed { writer.field("seed", seed) }
    if let today { writer.field("today", today) }
    if let now { writer.field("now", now) }
    if keyTones { writer.field("keyTones", true) }
    if let traceparent { writer.field("traceparent", traceparent) }
  }
}
