import CallCore
import CallDriver
import Logging
import WebSockets

/// What all loops of a server share: engines, flows, history, figures and the number of free lines.
final class Exchange: Sendable {
  let settings: ServerSettings
  let engines: any SpeechEngines
  let flows: FlowLibrary
  let store: any CallStore
  let log: Logger
  let figures = ServerFigures()
  let lines: Lines
  let cache = SpeechCache()
  /// Threads of the speech engines.
  let speechWorkers: WorkerPool
  /// Threads for what is slow, but needs no engine: the history, and rendering recordings.
  let clerks: WorkerPool
  private let builtWorkshop = Guarded<SpeechWorkshop?>(nil)

  init(settings: ServerSettings, engines: any SpeechEngines, flows: FlowLibrary, store: any CallStore, log: Logger) {
    self.settings = settings
    self.engines = engines
    self.flows = flows
    self.store = store
    self.log = log
    lines = Lines(limit: settings.callsMax)
    speechWorkers = WorkerPool(threadCount: settings.speechThreads)
    clerks = WorkerPool(threadCount: 2)
  }

  /// The engines with their threads, once they are loaded; `nil` before.
  var workshop: SpeechWorkshop? { builtWorkshop.with { $0 } }

  /// Waits for the engines on a clerk's thread, then makes the prompts that every call will need.
  func openWhenReady() {
    _ = clerks.submit(.waitedFor) { [self] in
      do throws(EngineError) {
        let workshop = SpeechWorkshop(
          recognizer: try engines.recognizer(), synthesizer: try engines.synthesizer(), codecs: engines.codecs,
          workers: speechWorkers, cache: cache)
        _ = try engines.makeDetector()
        builtWorkshop.with { $0 = workshop }
        log.info("speech engines are ready")
        PromptWarmer(exchange: self, workshop: workshop).warm()
      } catch {
        log.error("speech engines cannot be used: \(error)")
      }
    }
  }

  /// Whether a new call can be taken now. Quick: asked for each one.
  func admission(loops: [ServiceLoop]) -> AdmissionDecision {
    if lines.isClosed { return refuse(10, "the server is going down") }
    if let failed = engines.readiness.first(where: { $0.isNeeded && $0.state == .failed }) {
      return refuse(60, "the speech engine \(failed.name) is missing: \(failed.detail)")
    }
    guard workshop != nil else { return refuse(2, "the speech engines are still loading") }
    if lines.areAllTaken { return refuse(5, "all \(lines.limit) lines are busy") }
    if speechWorkers.waitingCount > Self.waitingWorkMax { return refuse(5, "the speech engines are overloaded") }
    if let busy = loops.map(\.load.busyShare).min(), busy > Self.busyShareMax {
      return refuse(5, "the media loops are overloaded")
    }
    return .admit
  }

  /// Recognitions and sentences that wait: 16 of 70 ms on two threads are half a second of turn latency.
  private static let waitingWorkMax = 16
  /// Overload of a media loop is a cliff just above 1; calls that are up must stay below it.
  private static let busyShareMax = 0.85

  private func refuse(_ seconds: Int, _ reason: String) -> AdmissionDecision {
    figures.add(\.callsRefused)
    return .refuse(retryAfterSeconds: seconds, reason: reason)
  }

  /// Keeps a finished call, off the loop.
  func keep(_ call: StoredCall) {
    figures.count(call)
    let isQueued = clerks.submit(.soon) { [self] in
      do throws(StoreError) {
        try store.append(call)
      } catch {
        figures.add(\.recordsLost)
        log.error("the record of call \(call.record.id) was lost: \(error)")
      }
    }
    if !isQueued { figures.add(\.recordsLost) }
  }
}
