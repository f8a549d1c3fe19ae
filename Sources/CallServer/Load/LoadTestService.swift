import CallDriver
import CallWire
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
  func begin(_ request: LoadRequest) throws(Refusal) -> LoadRunDocument {
    let document = LoadRunDocument(
      id: UUID().uuidString.lowercased(), request: request, startedAtUnixMicroseconds: TestRunQueue.now)
    let id = document.id
    try state.withLock { state throws(Refusal) in
      if state.isClosed { throw .closed }
      if let running = state.running { throw .busy(running) }
      state.running = id
      state.runs.append(LoadTestRecord(document))
      while state.runs.count > limits.runsMax { state.runs.removeFirst() }
    }
    do throws(LoadGeneratorFault) {
      let (url, key) = target.withLock { $0 }
      let load = try generator.begin(
        request, target: url, key: key, tell: { [self] in take($0, of: id) },
        whenOver: { [self] in over(id, problem: $0) })
      guard take(load, of: id) else {
        load.end()
        throw LoadGeneratorFault("the server is going down")
      }
    } catch {
      over(id, problem: error.description)
      throw .broken(error.description)
    }
    log.info("load test \(id) begins: \(request.calls) calls")
    return document
  }

  /// Lets a run end.
  /// - Returns: the run; `nil` when there is none of that id.
  func stop(_ id: String) -> LoadRunDocument? {
    let load = state.withLock { state -> (any RunningLoad)? in
      guard let index = state.runs.firstIndex(where: { $0.document.id == id }), state.running == id else { return nil }
      state.runs[index].document.state = .stopping
      return state.load
    }
    load?.stop()
    return self[id]?.document
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
  subscript(id: String) -> LoadTestRecord? { state.withLock { $0.runs.first { $0.document.id == id } } }

  /// The newest first, and the one that goes on.
  var all: (runs: [LoadRunDocument], running: String?) {
    state.withLock { ($0.runs.reversed().map(\.document), $0.running) }
  }

  /// - Returns: false when the server was told to stop meanwhile.
  private func take(_ load: any RunningLoad, of id: String) -> Bool {
    let (isClosed, isStopping) = state.withLock { state -> (Bool, Bool) in
      // It may be over already.
      if state.running == id { state.load = load }
      return (state.isClosed, state.runs.last { $0.document.id == id }?.document.state == .stopping)
    }
    if isStopping { load.stop() }
    return !isClosed
  }

  private func take(_ line: LoadEvent, of id: String) {
    state.withLock { state in
      guard let index = state.runs.firstIndex(where: { $0.document.id == id }) else { return }
      state.runs[index].take(line, limits)
    }
  }

  private func over(_ id: String, problem: String?) {
    state.withLock { state in
      if state.running == id { (state.running, state.load) = (nil, nil) }
      guard let index = state.runs.firstIndex(where: { $0.document.id == id }) else { return }
      state.runs[index].end(problem: problem, at: TestRunQueue.now)
    }
    if let problem { log.warning("load test \(id): \(problem)") }
  }
}
