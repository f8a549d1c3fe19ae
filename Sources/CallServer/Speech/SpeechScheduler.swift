import Bounds
public import CallCore
import CallDriver
import Threads
import WebSockets

/// Lets the speech engines work for whoever is in no call: behind everything that a call needs, on all threads but one, in steps, and
/// bounded in number.
final class SpeechScheduler: Sendable {
  private struct State {
    var waiting = Queue<(job: any SpeechJob, since: UInt64)>()
    /// Pieces of work that were given to the pool; each does one step.
    var tickets = 0
    var taken: [SpeechSlot.Kind: [SpeechClient: Int]] = [:]
    var heldBytes = 0
    /// By client, of those who hold some.
    var held: [SpeechClient: Int] = [:]
    var figures = Figures()

    func count(_ kind: SpeechSlot.Kind) -> Int { taken[kind]?.values.reduce(0, +) ?? 0 }

    mutating func reserve(_ kind: SpeechSlot.Kind, _ client: SpeechClient, _ bytes: Int) {
      taken[kind, default: [:]][client, default: 0] += 1
      hold(bytes, client)
    }

    mutating func hold(_ bytes: Int, _ client: SpeechClient) {
      heldBytes += bytes
      let now = (held[client] ?? 0) + bytes
      held[client] = now > 0 ? now : nil
    }
  }

  /// What became of requests since the start.
  struct Figures {
    /// Taken.
    var taken = 0
    /// Turned away because of the load or for want of a place.
    var refused = 0
    /// Turned away after they had waited.
    var expired = 0
  }

  let limits: SpeechLimits
  private let workers: WorkerPool
  private let state = Locked(State())

  /// One thread stays free for calls, where there are two and calls are taken.
  private let ticketsMax: Int

  init(workers: WorkerPool, limits: SpeechLimits, keepsThreadForCalls: Bool = true) {
    ticketsMax = keepsThreadForCalls ? max(workers.threadCount - 1, 1) : workers.threadCount
    self.workers = workers
    self.limits = limits
  }

  /// Requests in work now.
  var requests: Int { state.withLock { $0.count(.work) } }
  /// Answers that are sent as fast as their clients read.
  var streams: Int { state.withLock { $0.count(.stream) } }
  /// See `Figures`.
  var figures: Figures { state.withLock { $0.figures } }

  /// Counts a request that was turned away.
  func countRefusal() { state.withLock { $0.figures.refused += 1 } }

  /// Whether a request that holds so many bytes would be taken.
  func hasRoom(for bytes: Int) -> Bool { state.withLock { hasRoom($0, bytes) } }

  /// Takes a request. A client gets a place while it has fewer than are left for all: one alone may have half of them, and some are
  /// always left for whoever has none. The same goes for bytes.
  /// - Parameter bytes: that it holds.
  /// - Returns: a place for as long as it is kept.
  func reserveSlot(
    _ kind: SpeechSlot.Kind = .work, holding bytes: Int, for client: SpeechClient
  ) throws(SpeechRefusal) -> SpeechSlot {
    try state.withLock { state throws(SpeechRefusal) in
      let left = (kind == .work ? limits.requestsMax : limits.streamsMax) - state.count(kind)
      let bytesLeft = limits.heldBytesMax - state.heldBytes
      guard left > 0, bytes <= bytesLeft else { throw .full }
      let isSmall = bytes <= SpeechLimits.smallBytesMax
      guard state.taken[kind]?[client] ?? 0 < left, isSmall || (state.held[client] ?? 0) + bytes <= bytesLeft
      else { throw .share }
      state.reserve(kind, client, bytes)
      if kind == .work { state.figures.taken += 1 }
    }
    return SpeechSlot(at: self, kind, holding: bytes, for: client)
  }

  /// Takes a place again for the next piece of an answer that has begun. It is given in any case, and counts: while many go on, no
  /// new request is taken. `SpeechLimits.streamsMax` bounds them.
  func reserveNextSlot(for client: SpeechClient) -> SpeechSlot {
    state.withLock { $0.reserve(.work, client, 0) }
    return SpeechSlot(at: self, .work, holding: 0, for: client)
  }

  func release(_ bytes: Int, _ kind: SpeechSlot.Kind, of client: SpeechClient) {
    state.withLock { state in
      let held = state.taken[kind]?[client] ?? 0
      state.taken[kind]?[client] = held > 1 ? held - 1 : nil
      state.hold(-bytes, client)
    }
  }

  /// Queues the next step of a job. Any thread.
  func queue(_ job: any SpeechJob) {
    state.withLock { $0.waiting.append((job, MonotonicClock.now())) }
    submit()
  }

  /// Turns away what has waited too long. Called now and then.
  func sweep(at now: UInt64) {
    let limit = UInt64(limits.waitMax.microseconds)
    let late = state.withLock { state in
      let late = state.waiting.takeAll { now > $0.since + limit }
      state.figures.expired += late.count
      return late
    }
    for entry in late { entry.job.expire() }
  }

  private func hasRoom(_ state: State, _ bytes: Int) -> Bool {
    state.count(.work) < limits.requestsMax && state.heldBytes + bytes <= limits.heldBytesMax
  }

  private func submit() {
    let isWanted = state.withLock { state in
      guard state.tickets < ticketsMax, state.tickets < state.waiting.count else { return false }
      state.tickets += 1
      return true
    }
    guard isWanted else { return }
    let isQueued = workers.submit(.outsideCalls) { [weak self] in self?.work() }
    // The queue of the pool is full, or it stops: what waits is turned away in time.
    if !isQueued { state.withLock { $0.tickets -= 1 } }
  }

  private func work() {
    let job = state.withLock { $0.waiting.popFirst()?.job }
    let isUnfinished = job.map { !$0.isOver && $0.step() } ?? false
    state.withLock { $0.tickets -= 1 }
    if isUnfinished, let job { queue(job) } else { submit() }
  }
}

/// What bounds the speech that is made and recognised for whoever is in no call.
public struct SpeechLimits: Sendable {
  /// Requests at once, waiting ones included; further ones are answered 503. With one thread for them and some 100 ms of work for
  /// each sentence, the last one waits for some seconds. One key, or one address without keys, may have half of them: as many as one
  /// node that carries calls sends to another.
  public var requestsMax = 32
  /// Answers at once that are sent as fast as their clients read; each holds a sentence of sound, at most some 1.5 MB of WAV. They
  /// take no place of the requests while nothing is made for them. One key or address may have half of them; further ones are 429.
  public var streamsMax = 64
  /// Longest wait for a thread; then the request is answered 503. Programs give up after half a minute to a minute.
  public var waitMax = CallDuration.seconds(30)
  /// Largest upload, in bytes: eight minutes of 16 kHz WAV.
  public static let uploadBytesMax = 16 << 20
  /// What counts as small among the bytes that are held: a text, or a turn of half a minute of 16 kHz WAV. The share of places bounds these.
  static let smallBytesMax = 4 << 20
  /// Bytes of all uploads and of the sound decoded from them; further uploads are answered 503. One key or address may have half of them
  /// (429 beyond that), but for a first upload that is larger and for small ones.
  public var heldBytesMax = 128 << 20
  /// Longest sound that is transcribed.
  public var soundSecondsMax = 600
  /// Bytes of samples of voices that are kept: some 80 of 5 s; the one not asked for longest goes first.
  public var sampleCacheBytes = 20_000_000

  /// The defaults.
  public init() {}
}

/// Work of the speech engines for one request, in steps so short that no call notices them.
protocol SpeechJob: AnyObject, Sendable {
  /// Whether nobody wants it any more.
  var isOver: Bool { get }

  /// Does a step, at most some tenths of a second. Called on a worker thread, never by two at once.
  /// - Returns: whether to queue the job for another step.
  func step() -> Bool

  /// No thread was free within the limit. Called instead of a step.
  func expire()
}

/// A request's place in the speech scheduler; it is given back when this goes away.
final class SpeechSlot: Sendable {
  /// What is bounded.
  enum Kind: Hashable, Sendable {
    /// Work that waits or is done.
    case work
    /// An answer that is sent as fast as its client reads.
    case stream
  }

  private let scheduler: SpeechScheduler
  private let bytes: Int
  private let kind: Kind
  private let client: SpeechClient

  init(at scheduler: SpeechScheduler, _ kind: Kind, holding bytes: Int, for client: SpeechClient) {
    self.scheduler = scheduler
    self.kind = kind
    self.bytes = bytes
    self.client = client
  }

  deinit { scheduler.release(bytes, kind, of: client) }
}

/// For whom speech is made, as far as shares go.
enum SpeechClient: Hashable, Sendable {
  /// The holder of the key with this id.
  case key(String)
  /// Whoever asks from there without a key.
  case address(ClientAddress)
}
