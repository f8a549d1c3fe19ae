import CallDriver
import Formats
import FoundationEssentials
import Logging
import Threads

/// Has loads placed on this server, one at a time, and keeps what comes of them.
final class LoadTestService: Sendable {
  /// Why a run does not begin.
  enum Refusal: Error {
    /// The run of this id goes on.
    case busy(String)
    /// The server stops.
    case closed
    /// The generator cannot be started.
    case broken(String)
  }

  private struct State {
    /// Oldest first.
    var runs: [LoadTestRecord] = []
    var running: String?
    var load: (any RunningLoad)?
    var isClosed = false
  }

  let generator: any LoadGenerator
  let limits: LoadLimits
  private let log: Logger
  private let state = Locked(State())
  private let target = Locked<(url: String, key: String?)>(("", nil))

  init(generator: any LoadGenerator, limits: LoadLimits, log: Logger) {
    self.generator = generator
    self.limits = limits
    self.log = log
  }

  /// Says where calls are placed, such as `ws://127.0.0.1:8080/v1/call`. The port is known only when the server listens.
  /// - Parameter key: lets them in; `nil` where none is asked for.
  func serve(at url: String, key: String?) { target.withLock { $0 = (url, key) } }

  /// Begins a run.
  func begin(_ request: LoadRequest) throws(Refusal) -> LoadTestRecord {
    let written = generator.thresholds(of: request)
    let id = UUID().uuidString.lowercased()
    let run = LoadTestRecord(
      id: id, request: request, thresholds: written.isEmpty ? generator.usualThresholds : written,
      startedAtUnixMicroseconds: TestRunQueue.now)
    try state.withLock { state throws(Refusal) in
      if state.isClosed { throw .closed }
      if let running = state.running { throw .busy(running) }
      state.running = id
      state.runs.append(run)
      while state.runs.count > limits.runsMax { state.runs.removeFirst() }
    }
    do throws(LoadGeneratorFault) {
      let (url, key) = target.withLock { $0 }
      let load = try generator.begin(
        request, target: url, key: key, tell: { [self] in record($0, of: id) },
        whenOver: { [self] in finish(id, problem: $0) })
      guard record(load, of: id) else {
        load.end()
        throw LoadGeneratorFault("the server is going down")
      }
    } catch {
      finish(id, problem: error.description)
      throw .broken(error.description)
    }
    log.info("load test \(id) begins: \(request.calls) calls")
    return run
  }

  /// Lets a run end.
  /// - Returns: the run; `nil` when there is none of that id.
  func stop(_ id: String) -> LoadTestRecord? {
    let load = state.withLock { state -> (any RunningLoad)? in
      guard let index = state.runs.firstIndex(where: { $0.id == id }), state.running == id else { return nil }
      state.runs[index].state = .stopping
      return state.load
    }
    load?.stop()
    return self[id]
  }

  /// Ends the run that goes on and begins no other. Waits until the generator is gone.
  func close() {
    let load = state.withLock { state -> (any RunningLoad)? in
      state.isClosed = true
      return state.load
    }
    load?.end()
  }

  /// The run `id`; `nil` when it is not kept, or never was.
  subscript(id: String) -> LoadTestRecord? { state.withLock { $0.runs.first { $0.id == id } } }

  /// The newest first, and the one that goes on.
  var all: (runs: [LoadTestRecord], running: String?) {
    state.withLock { ($0.runs.reversed(), $0.running) }
  }

  /// - Returns: false when the server was told to stop meanwhile.
  private func record(_ load: any RunningLoad, of id: String) -> Bool {
    let (isClosed, isStopping) = state.withLock { state -> (Bool, Bool) in
      // It may be over already.
      if state.running == id { state.load = load }
      return (state.isClosed, state.runs.last { $0.id == id }?.state == .stopping)
    }
    if isStopping { load.stop() }
    return !isClosed
  }

  private func record(_ line: LoadEvent, of id: String) {
    state.withLock { state in
      guard let index = state.runs.firstIndex(where: { $0.id == id }) else { return }
      state.runs[index].apply(line, limits)
    }
  }

  private func finish(_ id: String, problem: String?) {
    state.withLock { state in
      if state.running == id { (state.running, state.load) = (nil, nil) }
      guard let index = state.runs.firstIndex(where: { $0.id == id }) else { return }
      state.runs[index].end(problem: problem, at: TestRunQueue.now)
    }
    if let problem { log.warning("load test \(id): \(problem)") }
  }
}

/// What bounds the load tests that a server runs against itself.
public struct LoadLimits: Sendable {
  /// Longest time that a load is held, in seconds. A page is no place for a soak over night: that is `voiceforge load --target`.
  public var holdMaxSeconds = 3600
  /// Runs that are kept; the oldest make room.
  public var runsMax = 10
  /// Seconds that are kept of a run, 170 bytes each: a load that is held for the longest time in each of two steps, and its ways up.
  /// A generator that tells more was asked for less; the rest is dropped.
  public var secondsMax = 7500
  /// Seconds in one answer, 300 bytes each; the rest is in the next one.
  public var secondsPerAnswer = 1000
  /// Bytes of a report that are kept; a larger one is dropped. Its charts have at most 600 points a line, so it takes 200 KB.
  public var reportBytesMax = 2_000_000

  /// The defaults.
  public init() {}
}
