import CallCore
import CallDriver
import Formats
import Logging
import Threads
import WebSockets

/// What all loops of a server share: engines, flows, history, figures and the number of free lines.
final class ServerContext: Sendable {
  let settings: ServerSettings
  let engines: any SpeechEngines
  let flowService: FlowService
  let store: any CallStore
  /// What keys make for telephone calls; `nil`: nothing is kept.
  let telephony: TelephonyStores?
  /// Telephone calls of keys, and their campaigns; `nil`: nothing is kept.
  let phoneCalls: PhoneCallService?
  let campaigns: CampaignService?
  /// Which flow answers which telephone number; `nil`: no numbers are kept.
  let numbers: NumberCatalog?
  /// Voices of the engines and matched ones.
  let voices: VoiceCatalog
  let log: Logger
  let figures = ServerFigures()
  let turnFigures = TurnFigures()
  let usage: UsageCounter
  let capacity: CallCapacity
  private let drainState = Locked(Drain())
  let authorizer: RequestAuthorizer
  let cache = SpeechCache()
  let storeWatch = StoreWatch()
  /// Request bodies of all loops together.
  let bodyBudget: ByteBudget
  /// Long answers of all loops together.
  let responseBudget: ResponseBudget
  /// Reports and recordings, which are the same for everybody.
  let responseCache = ResponseCache()
  /// Threads of the speech engines.
  let speechWorkers: WorkerPool
  /// For the agent's own voice in calls; `nil`: it is not taken out.
  let echoCancellers: LimitedEchoCancellers?
  /// Speech for whoever is in no call.
  let speechScheduler: SpeechScheduler
  /// For requests that block, but need no engine: reading the history, rendering recordings.
  let requestPool: BlockingPool
  /// For what the server does by itself: watching stores, writing usage, giving memory back. Requests take no place here.
  let duties: BlockingPool
  /// Threads that read uploaded files of sound, and wait until a child has decoded them. Not watched: the limits of that child bound how long that takes.
  let soundPool: BlockingPool
  /// Threads that wait until a child has encoded speech, so that none of the engines' own does.
  let encodingPool: BlockingPool
  /// For keeping finished calls, which wait for nothing else.
  let records: BlockingPool
  /// Calls that are placed through a telephone provider.
  let dials: DialService
  /// The media streams that come back for them.
  let callerStreams = CallerStreams()
  /// The language model for whoever is in no call.
  let chat: ChatService
  /// Writes down what happens in calls; `nil`: nothing is written down.
  let traces: CallTraceService?
  /// The traces that calls belong to.
  let spans: CallSpanService
  /// Threads that stand, with what they do, by name. Set by the server before it starts.
  private let standing = Locked<@Sendable () -> [String: String]>({ [:] })
  /// The document at `/openapi.json`.
  let openAPI: DocumentCache
  private let warmer = PromptWarmer()
  private let builtSpeechService = Locked<SpeechService?>(nil)
  /// Whether it was seen that no model of the operator's is being tried any more.
  private let areModelsTried = Locked(false)
  private let door: Locked<Admission>
  private let lastTicks = Locked<[LatenessWindow]>([])

  /// What speaks in states with a language model.
  let model: any LanguageModel
  /// What understands words by their meaning.
  let meaning: any MeaningComparer
  /// Whether there is a model that speaks.
  var hasModel: Bool { !(model is AbsentLanguageModel) }

  init(
    settings: ServerSettings, engines: any SpeechEngines, flows: FlowService, store: any CallStore,
    keys: APIKeyService?, client: HTTPClient,
    matchedVoices: (any MatchedVoiceStore)? = nil, usage: any UsageStore, telephony: TelephonyStores? = nil,
    model: any LanguageModel = AbsentLanguageModel(), chatModel: (any ChatRelay)? = nil,
    meaning: any MeaningComparer = AbsentMeaning(), spans: (any SpanExporter)? = nil, log: Logger
  ) {
    self.settings = settings
    self.model = model
    self.meaning = meaning
    flows.setMeaning(isInstalled: meaning.isInstalled)
    chat = ChatService(model: chatModel, limits: settings.chat)
    let perPeer = settings.isBehindProxy && !settings.hasProxyProtocol ? nil : 64 << 20
    bodyBudget = ByteBudget(bytesMax: 256 << 20, bytesPerPeerMax: perPeer)
    responseBudget = ResponseBudget(bytesMax: 256 << 20, bytesPerPeerMax: perPeer)
    self.usage = UsageCounter(store: usage, log: log)
    let passes = StreamPasses()
    authorizer = RequestAuthorizer(
      keyService: keys, isBehindProxy: settings.isBehindProxy, trustedProxies: settings.trustedProxies,
      twilio: TwilioSignature(settings.twilio), opensOneTimeStreamsOnly: settings.twilio.opensOneTimeStreamsOnly,
      publicHost: settings.twilio.publicURL.flatMap { WebOrigin($0) }?.host, passes: passes,
      origins: OriginPolicy(allowedOrigins: settings.allowedOrigins, address: settings.address))
    self.engines = engines
    flowService = flows
    self.store = store
    self.telephony = telephony
    numbers = telephony.map { NumberCatalog(store: $0.numbers) }
    self.log = log
    voices = VoiceCatalog(engines: engines, store: matchedVoices)
    capacity = CallCapacity(limit: settings.callsMax)
    let echoesMax = LimitedEchoCancellers.perLoopMax * settings.mediaLoops
    echoCancellers =
      settings.cancelsEcho ? engines.echoCancellers.map { LimitedEchoCancellers($0, limit: echoesMax) } : nil
    speechWorkers = WorkerPool(threadCount: settings.speechThreads)
    speechScheduler = SpeechScheduler(
      workers: speechWorkers, limits: settings.speech, keepsThreadForCalls: settings.takesCalls)
    requestPool = BlockingPool("requests", threadCount: 2, log: log)
    duties = BlockingPool("duties", threadCount: 2, log: log)
    soundPool = BlockingPool("sounds", threadCount: 2, log: log)
    encodingPool = BlockingPool("encoders", threadCount: 2, log: log)
    records = BlockingPool("records", threadCount: 1, log: log)
    dials = DialService(settings.dialing, publicURL: settings.twilio.publicURL, client: client, log: log)
    let dials = dials
    let records = records
    phoneCalls = telephony.map {
      PhoneCallService(stores: $0, dials: dials, passes: passes, keys: keys, pool: records, log: log)
    }
    campaigns = phoneCalls.map { CampaignService(stores: $0.stores, dialer: $0, log: log) }
    if let campaigns { phoneCalls?.tellEnds(to: campaigns) }
    let version = settings.version
    self.spans = CallSpanService(
      exporter: spans, sampler: settings.traceSampler, showsWords: settings.traces.logsWords, pool: records)
    traces = CallTraceService(settings: settings.traces, version: version, log: log)
    openAPI = DocumentCache { .json(APIDocument.json(version: version)) }
    door = Locked(
      Admission(limits: settings.admission, loops: settings.mediaLoops, threads: settings.speechThreads))
    phoneCalls?.askAdmission { [unowned self] key, isCounted in
      isCounted ? admit(key: key.isEmpty ? nil : key) : refusal?.decision ?? .admit
    }
  }

  /// The voice of flows that name none: the one of the settings, or the first one where the engines have no such voice. One of a model that
  /// is still being tried stays what it is, and cannot be spoken with yet.
  var defaultVoice: Voice.ID {
    if voices.isBeingTried(settings.defaultVoice) { return settings.defaultVoice }
    return voices[settings.defaultVoice]?.id ?? voices.voices.first?.id ?? settings.defaultVoice
  }

  /// Threads that stand, with what they do, by name.
  var standingThreads: [String: String] { standing.withLock { $0 }() }

  /// Says who knows which threads stand.
  func setStandingThreads(from read: @escaping @Sendable () -> [String: String]) { standing.withLock { $0 = read } }

  /// The flows that calls which begin now run by.
  var flows: FlowLibrary { flowService.library }

  /// The engines with their threads, once they are loaded; `nil` before.
  var speechService: SpeechService? { builtSpeechService.withLock { $0 } }

  /// Waits for the engines on a thread of its own duties, then makes the prompts that every call will need.
  func openWhenReady() {
    _ = duties.submit(.waitedFor) { [self] in
      do throws(EngineError) {
        let speechService = SpeechService(
          recognizer: try engines.recognizer(), synthesizer: try voices.synthesizer(), codecs: engines.codecs,
          workers: speechWorkers, cache: cache, meaning: meaning, turnDetector: engines.turnDetector)
        _ = try engines.makeDetector()
        builtSpeechService.withLock { $0 = speechService }
        log.info("speech engines are ready")
        do throws(StoreError) { try voices.refresh() } catch { log.error("matched voices cannot be read: \(error)") }
        warmPrompts()
      } catch {
        log.error("speech engines cannot be used: \(error)")
      }
    }
  }

  /// Makes what the flows say word for word, and works out the sentences that they are understood by, in idle time. Does nothing while the engines load, which is followed by it.
  func warmPrompts() {
    if settings.takesCalls, let speechService {
      warmer.warm(PromptWarmer.prompts(of: flows.flows, defaultVoice: defaultVoice), by: speechService)
      let log = log
      speechService.prepare(phrases: flows.flows.flatMap(\.examples)) { error in
        log.error("flows know intents by their meaning, and nothing here understands it: \(error)")
      }
      guard flows.flows.contains(where: \.endsTurnsByMeaning) else { return }
      speechService.prepareTurnDetector { error in
        log.error("flows end turns by meaning, and the turn detector cannot be used; silence ends them: \(error)")
      }
    }
  }

  /// Makes the prompts once more when the last model of the operator's was tried: those in its voice could not be made before. The control
  /// loop asks; it does not wait.
  func warmPromptsOnceModelsAreTried() {
    guard speechService != nil, !areModelsTried.withLock({ $0 }) else { return }
    let models = engines.readiness.filter { $0.name.hasPrefix(EngineReadiness.modelPrefix) }
    guard !models.contains(where: { $0.state == .loading }) else { return }
    if models.contains(where: { $0.state == .ready }) {
      // Where the queue is full, the loop asks again.
      guard duties.submit(.soon, { [self] in warmPrompts() }) else { return }
    }
    areModelsTried.withLock { $0 = true }
  }

  /// Calls that are up, and what waits for a speech thread.
  var conversationLoad: ConversationLoad {
    ConversationLoad(connections: capacity.takenCount, queueDepth: speechWorkers.waitingCount)
  }

  /// How loaded the server is, and whether that lets calls in.
  var admission: Admission { door.withLock { $0 } }

  /// How late the media loops' ticks were over the last second.
  var ticks: [LatenessWindow] { lastTicks.withLock { $0 } }

  /// Takes in new figures of the load.
  /// - Returns: what follows from them.
  func updateAdmission(_ figures: LoadFigures, ticks: [LatenessWindow]) -> Admission {
    lastTicks.withLock { $0 = ticks }
    return door.withLock { door in
      door.update(figures)
      return door
    }
  }

  /// Asks for a line for one more call. Quick: asked for each one.
  /// - Parameter key: id of the key that the call came with; `nil` where none is asked for.
  func admit(key: String? = nil) -> AdmissionDecision {
    guard let refusal = standingRefusal ?? rejectOverload({ $0.admit(at: Self.now) }) else { return .admit }
    countRefusal(refusal.reason, key: key)
    return refusal.decision
  }

  /// Whether a call may come whose host, origin and key nobody has looked at yet: nothing is reserved for it, so that no stranger
  /// uses up the calls that may begin. Where keys are asked for, the load is nobody's business without one.
  var admissionOfUnknown: AdmissionDecision {
    guard settings.certificate == nil, authorizer.keyService?.isLocked != true,
      let refusal = standingRefusal ?? rejectOverload({ $0.check(at: Self.now) })
    else { return .admit }
    countRefusal(refusal.reason, key: nil)
    return refusal.decision
  }

  /// Counts a call that was not taken.
  func countRefusal(_ reason: RefusalReason, key: String?) {
    figures.countRefusal(reason)
    usage.addRefusal(key: key)
  }

  /// Why a call would not be taken now; takes and counts nothing.
  var refusal: Refusal? { standingRefusal ?? rejectOverload { $0.rejectOverload(at: Self.now) } }

  /// Why a node that only makes speech takes no call.
  static let speechOnly =
    "this node makes and recognises speech and takes no calls (--role speech); call one with --role calls or all"

  private static var now: Timestamp { Timestamp(microseconds: Int64(MonotonicClock.now())) }

  /// What has nothing to do with the load.
  private var standingRefusal: Refusal? {
    if capacity.isClosed { return Refusal(.stopping, "the server is going down") }
    if !settings.takesCalls { return Refusal(.speechOnly, Self.speechOnly) }
    if let failed = engines.readiness.first(where: { $0.isNeeded && $0.state == .failed }) {
      return Refusal(.engineMissing, "the speech engine \(failed.name) is missing: \(failed.detail.withoutFolders)")
    }
    guard speechService != nil else { return Refusal(.loading, "the speech engines are still loading") }
    return capacity.areAllTaken ? Refusal(.lines, "all \(capacity.limit) lines are busy") : nil
  }

  private func rejectOverload(_ ask: (inout Admission) -> RefusalReason?) -> Refusal? {
    door.withLock { door in ask(&door).map { Refusal($0, door: door) } }
  }

  /// How far the server is out of service.
  var drainPhase: Drain.Phase { drainState.withLock { $0.phase(at: Self.now) } }

  /// Begins to go out of service, as `ServerSettings.lameDuckTime` says. Again changes nothing.
  /// - Parameter isFinal: whether the process ends after it.
  func beginDrain(isFinal: Bool) {
    drainState.withLock { $0.begin(lameDuck: settings.lameDuckTime, isFinal: isFinal, at: Self.now) }
    endLameDuckWhenDue()
  }

  /// Brings the server back into service.
  /// - Returns: whether that could be; a process that ends cannot.
  func cancelDrain() -> Bool {
    drainState.withLock { drain in
      guard drain.cancel() else { return false }
      capacity.open()
      return true
    }
  }

  /// Refuses calls once the lame duck is over; the control loop asks for it.
  func endLameDuckWhenDue() {
    drainState.withLock { drain in
      if drain.phase(at: Self.now) == .draining { capacity.close() }
    }
  }

  /// Refuses calls from now on.
  func refuseCalls() {
    drainState.withLock { $0.refuseCalls(at: Self.now) }
    capacity.close()
  }

  /// Writes the last figures of what was used. Blocks.
  func writeLastUsage() {
    do throws(StoreError) { try usage.write() } catch { log.error("the last figures of usage are lost: \(error)") }
  }

  /// Where a request comes from, as the limits for each address see it.
  func peer(of request: HTTPRequest) -> ClientAddress { authorizer.peer(of: request) }

  /// Keeps a finished call, off the loop.
  func archive(_ call: StoredCall) {
    figures.count(call)
    var call = call
    call.record.node = settings.nodeName.isEmpty ? nil : settings.nodeName
    let isQueued = records.submit(.soon) { [self, call] in
      do throws(StoreError) {
        try store.append(call)
        phoneCalls?.kept(call.record)
      } catch {
        figures.add(\.recordsLost)
        log.error("the record of call \(call.record.id) was lost: \(error)")
      }
    }
    guard !isQueued else { return }
    figures.add(\.recordsLost)
    log.error("the record of call \(call.record.id) was lost: \(WorkerPool.waitingMax) records wait to be kept")
  }
}
