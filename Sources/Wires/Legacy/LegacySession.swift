import CallCore
import JSON

/// What a client asks for in `init`, the first message.
struct LegacySession {
  /// How both sides talk. The raw values stand on the wire.
  enum Mode: String, CaseIterable { case voice, text, hybrid }
  /// What answers. The raw values stand on the wire.
  enum AgentMode: String, CaseIterable { case echo, assistant, conversational, custom }

  /// Whether audio is heard and recognised.
  let hearsCaller: Bool
  /// Whether the agent's words are spoken.
  let speaks: Bool
  /// Whether what the caller says is answered. Without it, words are recognised and what is typed is spoken.
  let hasAgent: Bool
  private let agentMode: AgentMode?
  private let model: String?
  private let voice: String?
  private let apiKey: String?

  /// Audio is this, both ways.
  static let format = AudioFormat(codec: .pcm16, sampleRate: 16_000)
  /// What the recogniser understands.
  static let language = "en"
  /// Longer than any call.
  private static let patience = CallDuration.seconds(86_400)
  /// Longest key, as any other that is shown; longest prompt, which a flow has no use for.
  private static let keyCharactersMax = 512, promptCharactersMax = 65_536

  init(_ fields: JSONFields) throws(WireFault) {
    apiKey = try fields.optionalText("apiKey", 0...Self.keyCharactersMax)
    let config = try fields["config"] == nil ? JSONFields(.object([:]), place: "config") : fields.object("config")
    let mode = try config.optionalChoice("mode", of: Mode.allCases) ?? .voice
    hearsCaller = try config.flag("sttEnabled", standard: true) && mode != .text
    speaks = try config.flag("ttsEnabled", standard: true) && mode != .text
    hasAgent = try config.flag("agentEnabled", standard: false)
    agentMode = try config.optionalChoice("agentMode", of: AgentMode.allCases)
    model = try config.name("model")
    voice = try config.name("voice")
    let prompt = try config.optionalText("systemPrompt", 0...Self.promptCharactersMax) ?? ""
    if let language = try config.optionalText("language", 0...WireLimits.nameCharactersMax)?.lowercased(),
      !language.isEmpty, language != Self.language, !language.hasPrefix("\(Self.language)-")
    {
      throw WireFault(.outOfRange, "config.language: only English is understood here, not \(language.quoted)")
    }
    if hasAgent, agentMode == .custom, model == nil, !prompt.isEmpty {
      throw WireFault(
        .unknownModel,
        "config.systemPrompt: no language model is configured that could follow it; name a flow as the model")
    }
  }

  /// The call that it asks for.
  var invitation: CallInvitation {
    var request = StartRequest(flow: "", codec: Self.format.codec, sampleRate: Self.format.sampleRate, voice: voice)
    if hasAgent, agentMode != .echo, let model { request.flow = model }
    var invitation = CallInvitation(request: request)
    invitation.namesModel = true
    if !hasAgent { invitation.answering = .echo(name: "none") }
    if hasAgent, agentMode == .echo { invitation.answering = .echo(name: "echo") }
    invitation.hearsAgent = speaks
    invitation.apiKey = apiKey
    return invitation
  }

  /// How turns are taken.
  /// - Parameter isPaused: the agent is to be quiet.
  func turnSettings(isPaused: Bool) -> TurnSettings {
    var settings = TurnSettings()
    settings.repliesByItself = hasAgent && !isPaused
    // Whoever only types is not asked again for being silent.
    if !hearsCaller { settings.noInputAfter = Self.patience }
    return settings
  }
}

extension QualityRating {
  /// Reads `quality_feedback`.
  init(_ fields: JSONFields) throws(WireFault) {
    self.init(
      try fields.choice("category", of: Category.allCases), score: try fields.number("score", 1...5),
      comment: try fields.optionalText("comment", 0...WireLimits.textCharactersMax))
  }
}

extension JSONFields {
  /// True or false; absent: `standard`.
  fileprivate func flag(_ name: String, standard: Bool) throws(WireFault) -> Bool {
    self[name] == nil ? standard : try flag(name)
  }

  /// A name; an empty one is none.
  fileprivate func name(_ name: String) throws(WireFault) -> String? {
    let text = try optionalText(name, 0...WireLimits.nameCharactersMax)
    return text?.isEmpty == true ? nil : text
  }
}
