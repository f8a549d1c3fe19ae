import CallCore
import CallDriver
import JSON
import Logging
import Wires
import Formats
import FoundationEssentials

/// A `start` that was found to make sense: what the call is set up with.
struct CallSetup {
  private let server: ServerContext
  /// `nil`: what was understood is said back.
  private let flow: Flow?
  private let request: StartRequest
  private let settings: CallSettings
  /// Whether a language model talks by the client's instructions, in place of a flow.
  private let isModelTalk: Bool

  /// - Parameters:
  ///   - key: id of the caller's, which is told what is wrong with its own flows; `nil`: it has none.
  ///   - wire: what is spoken. On some, keys that come as sound are heard unless the server is told otherwise.
  ///   - traceparent: what the handshake said of the trace that the call belongs to; `start` comes before it.
  ///   - lead: how much sooner than due the agent's packets are sent; `nil`: as usual.
  /// - Throws: what is wrong with the request, and what would be right; `.busy` while a model that the call needs is being tried.
  init(
    _ invitation: CallInvitation, of key: String?, over wire: CallWire, lead: CallDuration?, traceparent: String?,
    server: ServerContext
  ) throws(WireFault) {
    let request = invitation.request
    let flow = try Self.flow(of: invitation, key: key, server: server)
    let voice = request.voice ?? flow?.voice ?? server.defaultVoice
    if let trial = Self.trial(voice: voice, language: flow?.language, server: server) {
      server.countRefusal(.loading, key: key)
      throw WireFault(.busy, "\(trial); try again in \(RefusalReason.loading.retryAfterSeconds) s")
    }
    guard server.voices[voice] != nil else {
      throw WireFault(.outOfRange, "voice: \(server.voices.missing(voice))")
    }
    self.server = server
    self.flow = flow
    self.request = request
    isModelTalk = flow == nil && invitation.isModelTalk
    let id = UUID().uuidString.lowercased()
    let format = AudioFormat(codec: request.codec, sampleRate: request.sampleRate)
    var settings = CallSettings(
      id: id, flowName: flow?.name ?? invitation.echoName ?? (isModelTalk ? request.flow : ""), voice: voice,
      format: format)
    settings.agentLead = lead
    if let language = flow?.language { settings.language = language }
    settings.spans = server.spans.context(request.traceparent, else: traceparent)
    settings.isAgentSilent = !invitation.hearsAgent
    settings.metadata = request.metadata
    settings.hearsKeyTones =
      request.keyTones || server.settings.hearsKeyTones && CallWire.keysInSound.contains(wire)
    settings.hearsBeeps = flow.map { server.flows.awaitsBeep(from: $0.name) } ?? false
    settings.startedAtUnixMicroseconds = Int64(Date().timeIntervalSince1970 * 1_000_000)
    settings.limits = server.settings.limits
    settings.limits.pausesForWords =
      settings.limits.pausesForWords && (wire == .voiceforge || CallWire.telephony.contains(wire))
    if let silence = flow?.endOfTurnSilence { settings.limits.endOfTurnSilence = silence }
    if server.capacity.takenCount <= server.settings.partialsUpTo {
      settings.limits.partialInterval = server.settings.partialInterval
    }
    self.settings = settings
  }

  /// Which model of the operator's the call cannot do without, and is still being tried; `nil`: none.
  /// - Parameter language: the flow's; `nil`: the usual one.
  private static func trial(voice: Voice.ID, language: String?, server: ServerContext) -> String? {
    if server.voices.isBeingTried(voice) { return server.voices.missing(voice) }
    let language = language ?? SpeechLanguage.usual
    return server.engines.modelBeingTried(for: language).map {
      "the model \($0) of the language \(language.bounded(to: 60)) is still being tried"
    }
  }

  private static func flow(
    of invitation: CallInvitation, key: String?, server: ServerContext
  ) throws(WireFault) -> Flow? {
    guard invitation.echoName == nil else { return nil }
    let name = invitation.request.flow
    if let flow = server.flows[name] { return flow }
    if invitation.isModelTalk, server.hasModel { return nil }
    let service = server.flowService
    if !service.nodeFaults(of: name).isEmpty {
      throw WireFault(.outOfRange, "flow: \(service.absence(of: name, to: key ?? ""))")
    }
    let known = server.flows.names.filter { service.isVisible($0, to: key ?? "") }.joined(separator: ", ")
      .bounded(to: 2000)
    guard invitation.namesModel else {
      throw WireFault(.outOfRange, "flow: there is no \(name); there are \(known)")
    }
    throw WireFault(
      .unknownModel,
      "model: there is no flow \(name), and no language model is configured; there are the flows "
        + known.bounded(to: 2000))
  }

  private var agentWithoutFlow: any AgentFlow {
    if isModelTalk { ModelTalk() } else { EchoFlow() }
  }

  /// - Throws: `.refused` when an engine cannot be used.
  func makeSession(
    number: CallNumber, work: any SpeechTasks, host: any CallHost
  ) throws(WireFault) -> CallSession {
    let library = server.flows
    let seed = request.seed.map { UInt64(bitPattern: $0) } ?? number.value
    let today = request.today ?? server.settings.today()
    // The time of another day would be no time of this one.
    let now = request.now ?? (request.today == nil ? server.settings.now() : "")
    let machine: any AgentFlow =
      flow.map { FlowMachine(flow: $0, library: library, seed: seed, variables: ["today": today, "now": now]) }
      ?? agentWithoutFlow
    do throws(EngineError) {
      let session = try CallSession(
        number: number, settings: settings, flow: machine, codecs: server.engines.codecs,
        detector: server.engines.makeDetector(), echoCancellers: server.echoCancellers, work: work, host: host)
      if let traces = server.traces {
        var header = CallTraceHeader(
          call: settings.id, flow: settings.flowName,
          flowDigests: flow.map { library.digests(from: $0.name) } ?? [:], voice: settings.voice,
          limits: settings.limits, seed: seed, today: today, now: now)
        header.startedAtUnixMicroseconds = settings.startedAtUnixMicroseconds
        session.trace = traces.begin(header)
      }
      return session
    } catch {
      server.log.error("a call cannot begin: \(error)")
      throw WireFault(.refused, "the call cannot begin: \(error.description.withoutFolders)")
    }
  }
}
