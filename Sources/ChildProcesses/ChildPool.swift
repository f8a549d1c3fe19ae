import Bounds
import Threads

/// Children of one kind, kept ready. A request takes one of them; when it ends or passes a limit, only this request fails, and another
/// child takes its place. Where children are used once, another one takes its place in any case. Safe to share by threads.
public final class ChildPool: Sendable {
  /// Requests that may wait for a child at once; a further one fails. There are never that many threads that speak.
  public static let waitingMax = 256
  /// How many children are kept: two, so that one slow request does not hold up all others.
  public static let childrenUsual = 2
  /// How many requests that ended a child are remembered. Whoever sends more of them starts children anew, 30 ms of CPU each.
  private static let refusedMax = 64

  private struct State {
    /// Children that wait, the one used last at the end.
    var ready: [ChildProcess] = []
    /// Places without a child.
    var empty = 0
    var waiting = 0
    /// Requests that ended a child, and how, so that none ends a second one.
    var refused = BoundedStore<RequestDigest, String>(entriesMax: refusedMax)
  }

  private enum Place {
    case child(ChildProcess)
    case empty
  }

  private let executable: ChildExecutable
  private let limits: ChildLimits
  private let isUsedOnce: Bool
  private let state: Monitor<State>

  /// Starts the children; they load themselves while others go on.
  ///
  /// - Parameters:
  ///   - executable: must call `ChildService.run` with the same limits.
  ///   - limits: of each child.
  ///   - count: of children, at least 1.
  ///   - isUsedOnce: whether each child answers one request and is ended, so that what a request made of it meets no other one. The next child
  ///     loads itself while others go on: a request waits for that only when more come at once than there are children.
  /// - Throws: `.notStarted`.
  public init(
    _ executable: ChildExecutable, limits: ChildLimits, count: Int = ChildPool.childrenUsual, isUsedOnce: Bool = false
  ) throws(ChildFailure) {
    precondition(count > 0, "a pool has children")
    self.executable = executable
    self.limits = limits
    self.isUsedOnce = isUsedOnce
    var state = State()
    for _ in 0..<count { state.ready.append(try ChildProcess(executable, limits: limits)) }
    self.state = Monitor(state)
  }

  /// Process identifiers of the children that wait for requests.
  public var readyChildren: [Int32] { state.withLock { $0.ready.map(\.id) } }

  /// Waits for a child and for its answer.
  /// - Parameter isWanted: asked again and again; once it says no, the child is ended.
  public func response(
    to request: [UInt8], isWanted: @escaping () -> Bool = { true }
  ) throws(ChildFailure) -> [UInt8] {
    guard request.count <= limits.requestBytesMax else { throw .requestTooLarge(limit: limits.requestBytesMax) }
    let digest = RequestDigest(request)
    let child = try checkOut(for: digest)
    do throws(ChildFailure) {
      let answer = try child.response(to: request, isWanted: isWanted)
      if isUsedOnce { renew(child) } else { state.withLock { $0.ready.append(child) } }
      return answer
    } catch {
      replace(child, after: error, of: digest)
      throw error
    }
  }

  // MARK: - Children

  private func checkOut(for request: RequestDigest) throws(ChildFailure) -> ChildProcess {
    try state.withLock { state throws(ChildFailure) in
      if let how = state.refused[request] { throw .refused(how) }
      guard state.waiting < Self.waitingMax else { throw .overloaded(limit: Self.waitingMax) }
      state.waiting += 1
    }
    let place = state.wait { state -> Place? in
      guard !state.ready.isEmpty || state.empty > 0 else { return nil }
      state.waiting -= 1
      if let child = state.ready.popLast() { return .child(child) }
      state.empty -= 1
      return .empty
    }
    if case .child(let child) = place {
      if child.isAlive { return child }
      child.end()
    }
    do throws(ChildFailure) { return try ChildProcess(executable, limits: limits) } catch {
      state.withLock { $0.empty += 1 }
      throw error
    }
  }

  private func renew(_ child: ChildProcess) {
    child.end()
    put(makeReplacement())
  }

  private func put(_ next: ChildProcess?) {
    state.withLock { state in
      if let next { state.ready.insert(next, at: 0) } else { state.empty += 1 }
    }
  }

  private func replace(_ child: ChildProcess, after failure: ChildFailure, of request: RequestDigest) {
    if failure.isOfRequest { state.withLock { $0.refused.put("\(failure)", for: request) } }
    put(child.hasStarted ? makeReplacement() : nil)
  }

  /// Nil when it cannot be started: the next request tries again, and is told why. The same goes for a child that never
  /// got ready: it would be started without end.
  private func makeReplacement() -> ChildProcess? {
    switch Result(catching: { () throws(ChildFailure) in try ChildProcess(executable, limits: limits) }) {
    case .success(let child): child
    case .failure: nil
    }
  }
}

/// Stands for a request that is remembered: the request itself may have megabytes. Two different ones are taken for the same with a
/// probability of 2⁻⁶⁴, and nobody can look for such a pair: the hash is another one in every process.
private struct RequestDigest: Hashable {
  private let count: Int
  private let hash: Int

  init(_ request: [UInt8]) {
    var hasher = Hasher()
    request.withUnsafeBytes { hasher.combine(bytes: $0) }
    count = request.count
    hash = hasher.finalize()
  }
}

extension ChildFailure {
  /// Whether the request is to blame, and would do the same to another child. That a child was killed or stopped from outside says nothing
  /// about the request.
  fileprivate var isOfRequest: Bool {
    switch self {
    case .ended(.killed(signal: 9)), .timedOut(.idle), .timedOut(.answer): false
    case .ended, .timedOut(.cpu), .badAnswer: true
    case .notStarted, .requestTooLarge, .overloaded, .unwanted, .refused: false
    }
  }
}
