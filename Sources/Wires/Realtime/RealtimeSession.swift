import CallCore
import JSON

/// What a Realtime session is set to. `session.update` changes what it names; both sides are shown the whole.
struct RealtimeSession: Equatable {
  /// What the agent answers with.
  enum Modality: String { case audio, text }

  var id: String
  /// The flow.
  var model: String
  var expiresAt: Int
  var modality = Modality.audio
  var instructions = ""
  var voice: String
  var format = AudioFormat(codec: .pcm16, sampleRate: 24_000)
  /// Whether and as what transcription was asked for; `nil`: no transcripts are sent.
  var transcription: [String: String]? = ["model": "voiceforge"]
  var noiseReduction: String?
  var turnDetection: TurnDetection? = TurnDetection()
  var maxOutputTokens: Int?
  /// Whether the model is a language model, which the session instructs, and no flow.
  var isModel = false
  var tools = RealtimeTools()
  var modelChoice = ModelToolChoice.automatic
  var tracing: String?
  var truncation = "auto"

  /// Longest instructions that are kept and shown.
  static let instructionBytesMax = 65_536

  init(id: String, model: String, voice: String, expiresAt: Int) {
    (self.id, self.model, self.voice, self.expiresAt) = (id, model, voice, expiresAt)
  }

  /// What the call is told of how turns are taken.
  var turnSettings: TurnSettings {
    if let turnDetection { return turnDetection.turnSettings }
    var settings = TurnSettings()
    (settings.detectsTurns, settings.repliesByItself) = (false, false)
    return settings
  }

  // MARK: - Updates

  /// Names of the protocol's beta, and where their values stand now.
  private static let betaNames = [
    "modalities": "output_modalities", "input_audio_format": "audio.input.format",
    "output_audio_format": "audio.output.format", "input_audio_transcription": "audio.input.transcription",
    "input_audio_noise_reduction": "audio.input.noise_reduction", "turn_detection": "audio.input.turn_detection",
    "voice": "audio.output.voice", "speed": "audio.output.speed", "max_response_output_tokens": "max_output_tokens",
    "temperature": "nothing: it is gone",
  ]

  /// - Parameters:
  ///   - fields: of `session`.
  ///   - isFixed: the call has begun, so that format and voice stay as they are.
  func updated(_ fields: RealtimeFields, isFixed: Bool) throws(RealtimeFault) -> RealtimeSession {
    for name in fields.members.keys.sorted() {
      guard let now = Self.betaNames[name] else { continue }
      throw RealtimeFault(
        .unknownParameter, "session.\(name) is of the beta protocol; now it is session.\(now)", param: "session.\(name)"
      )
    }
    _ = try fields.choice("type", of: ["realtime"])
    var next = self
    if let value = fields["output_modalities"] { next.modality = try Self.modality(value, fields) }
    try fields.update("instructions") { _ throws(RealtimeFault) in
      next.instructions = try fields.optionalText("instructions", bytesMax: Self.instructionBytesMax) ?? ""
    }
    if isModel {
      if fields["tools"] != nil { next.tools = try RealtimeTools(fields) }
      if let choice = try RealtimeTools.choice(fields) { next.modelChoice = choice }
    } else {
      try Self.rejectTools(fields)
      if case .string(let text)? = fields["tool_choice"] { next.modelChoice = Self.toolChoice(text) }
    }
    try fields.update("max_output_tokens") { value throws(RealtimeFault) in
      next.maxOutputTokens = value == .string("inf") ? nil : try fields.number("max_output_tokens", 1...1_000_000)
    }
    try fields.update("tracing") { value throws(RealtimeFault) in next.tracing = value == .string("auto") ? "auto" : nil
    }
    if fields["truncation"] == .string("disabled") { next.truncation = "disabled" }
    if fields["truncation"] == .string("auto") { next.truncation = "auto" }
    if let audio = try fields.object("audio") {
      if let input = try audio.object("input") { try next.update(input: input) }
      if let output = try audio.object("output") { try next.update(output: output) }
      try next.updateFormat(audio)
    }
    guard isFixed else { return next }
    guard next.format == format else {
      throw RealtimeFault(.formatFixed, "the audio format stays as it was when the call began", param: "session.audio")
    }
    guard next.voice == voice else {
      throw RealtimeFault(
        .voiceFixed, "the voice stays as it was when the call began: \(voice)", param: "session.audio.output.voice")
    }
    return next
  }

  static func modality(_ value: JSONValue, _ fields: RealtimeFields) throws(RealtimeFault) -> Modality {
    guard case .array(let list) = value else { throw fields.wrongType("output_modalities", "a list", value) }
    guard list.count == 1, case .string(let name) = list[0], let modality = Modality(rawValue: name) else {
      throw fields.outOfRange("output_modalities", "[\"audio\"] or [\"text\"]", value)
    }
    return modality
  }

  /// A flow calls no tools of the client.
  static func rejectTools(_ fields: RealtimeFields) throws(RealtimeFault) {
    guard case .array(let tools)? = fields["tools"], !tools.isEmpty else { return }
    throw RealtimeFault(
      .needsLanguageModel,
      "\(fields.path("tools")): this session runs an agent flow; there is no language model that could call tools",
      param: fields.path("tools"))
  }

  /// A flow calls no tools; it is shown what was asked for.
  private static func toolChoice(_ text: String) -> ModelToolChoice {
    ["none": ModelToolChoice.none, "required": .required][text] ?? .automatic
  }

  private mutating func update(input: RealtimeFields) throws(RealtimeFault) {
    if let value = input.members["transcription"] {
      transcription = value == .null ? nil : try updatedTranscription(try RealtimeFields(value, place: "transcription"))
    }
    if let value = input.members["noise_reduction"] {
      noiseReduction =
        value == .null
        ? nil
        : try RealtimeFields(value, place: input.path("noise_reduction")).choice(
          "type", of: ["near_field", "far_field"])
    }
    if let value = input.members["turn_detection"] {
      turnDetection =
        value == .null
        ? nil
        : try (turnDetection ?? TurnDetection()).updated(
          try RealtimeFields(value, place: input.path("turn_detection")))
    }
  }

  private func updatedTranscription(_ fields: RealtimeFields) throws(RealtimeFault) -> [String: String] {
    var next = transcription ?? ["model": "voiceforge"]
    for name in ["model", "language", "prompt"] where fields.members[name] != nil {
      next[name] = try fields.optionalText(name, bytesMax: 4096)
    }
    next["model"] = next["model"] ?? "voiceforge"
    return next
  }

  private mutating func update(output: RealtimeFields) throws(RealtimeFault) {
    switch output["voice"] {
    case nil: break
    case .object: voice = try output.object("voice")?.text("id", bytesMax: WireLimits.nameCharactersMax) ?? voice
    default: voice = try output.text("voice", bytesMax: WireLimits.nameCharactersMax)
    }
  }

  /// One format holds for both ways.
  private mutating func updateFormat(_ audio: RealtimeFields) throws(RealtimeFault) {
    var formats: [AudioFormat] = []
    for side in ["input", "output"] {
      guard let fields = try audio.object(side)?.object("format") else { continue }
      formats.append(try Self.format(fields))
    }
    guard let first = formats.first else { return }
    guard formats.allSatisfy({ $0 == first }), formats.count == 2 || first == format else {
      throw RealtimeFault(
        .invalidValue, "session.audio: input and output must have the same format; name both", param: "session.audio")
    }
    format = first
  }

  private static func format(_ fields: RealtimeFields) throws(RealtimeFault) -> AudioFormat {
    switch try fields.text("type") {
    case "audio/pcm":
      _ = try fields.number("rate", 24_000...24_000)
      return AudioFormat(codec: .pcm16, sampleRate: 24_000)
    case "audio/pcmu": return AudioFormat(codec: .mulaw, sampleRate: 8000)
    case "audio/pcma": return AudioFormat(codec: .alaw, sampleRate: 8000)
    case let name:
      throw fields.outOfRange("type", "audio/pcm, 24,000 samples a second, audio/pcmu or audio/pcma", .string(name))
    }
  }

  // MARK: - As it is shown

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("type", "realtime")
    writer.field("object", "realtime.session")
    writer.field("id", id)
    writer.field("model", model)
    writer.list("output_modalities", [modality.rawValue])
    writer.field("instructions", instructions)
    writer.list("tools", tools.written) { $0.value($1) }
    RealtimeTools.write(modelChoice, to: &writer)
    if let maxOutputTokens {
      writer.field("max_output_tokens", maxOutputTokens)
    } else {
      writer.field("max_output_tokens", "inf")
    }
    writer.field("tracing", tracing)
    writer.field("truncation", truncation)
    writer.field("prompt", .null)
    writer.field("expires_at", expiresAt)
    writer.field("include", .null)
    writer.object("audio") { writer in
      writer.object("input") { writer in
        writeFormat(to: &writer)
        writer.field("transcription", transcription.map { .object($0.mapValues { .string($0) }) } ?? .null)
        writer.field("noise_reduction", noiseReduction.map { .object(["type": .string($0)]) } ?? .null)
        if let turnDetection {
          writer.object("turn_detection", turnDetection.writeMembers)
        } else {
          writer.field("turn_detection", .null)
        }
      }
      writer.object("output", writeOutput)
    }
  }

  /// `audio.output` of the session.
  private func writeOutput(to writer: inout JSONWriter) {
    writeFormat(to: &writer)
    writer.field("voice", voice)
    writer.field("speed", thousandths: 1000)
  }

  /// `audio.output` of a response, which has no speed.
  func writeResponseOutput(to writer: inout JSONWriter) {
    writeFormat(to: &writer)
    writer.field("voice", voice)
  }

  private func writeFormat(to writer: inout JSONWriter) {
    writer.object("format") { writer in
      writer.field("type", format.realtimeName)
      if format.codec == .pcm16 { writer.field("rate", format.sampleRate) }
    }
  }
}
