import CallCore
import CallDriver
import CallServer
import Formats
import Glibc
import JSON
import LoadTest
import Threads
import WebSockets

/// How generators on other machines are had for a load test that this server begins.
struct SharedLoadAccess: Sendable {
  /// The address that they call: this server, or the balancer in front of it.
  let target: String
  /// Of the servers behind it whose figures are read, such as `http://10.0.0.1:8080`; empty: none is known.
  let nodes: [String]
  /// The database in which all meet. A secret.
  let database: String
  /// For the figures of `nodes`; `nil`: none is needed. A secret.
  let key: String?
}

/// Loads the server in this process from a `voiceforge load` in another.
final class LoadProgram: LoadGenerator {
  /// Longest plan, its way up and all its steps together, as a multiple of the longest hold.
  private static let holdsMax = 2

  /// One thread that reads: there is one run at a time.
  private let reader = WorkerPool(threadCount: 1, niceness: 0)
  private let today: @Sendable () -> String
  private let shared: SharedLoadAccess?

  /// - Parameters:
  ///   - today: the day that the server's flows take for today, as `YYYY-MM-DD`.
  ///   - shared: how generators on other machines are had; `nil`: they are not.
  init(today: @escaping @Sendable () -> String, shared: SharedLoadAccess?) {
    self.today = today
    self.shared = shared
  }

  var sharedTarget: String? { shared?.target }
  var usualThresholds: [LoadThreshold] { Threshold.usual.map(LoadThreshold.init) }
  var reportPolicy: String { LoadHTML.policy }

  func fault(in request: LoadRequest, holdMaxSeconds: Int) -> String? {
    guard request.generators == nil || shared != nil else {
      return
        "generators: other machines place calls where \(Settings.loadTargetName) names the address that they call: set it, give the "
        + "server a database, and start it again"
    }
    let longest = CallDuration.seconds(holdMaxSeconds)
    if let hold = request.hold, let length = WrittenTime.parse(hold), length > longest {
      return "hold: expected at most \(WrittenTime.text(longest)), got \(hold)"
    }
    let reader = LoadPlanReader(
      kind: request.plan, calls: request.calls, rate: request.ramp, hold: request.hold, seed: UInt64(request.seed))
    do throws(CommandFault) {
      let plan = try reader.plan()
      let callsMax = LoadRequest.callsMax(by: request.generators)
      guard plan.callsMax <= callsMax else {
        return "plan: expected at most \(callsMax) calls at once, got \(plan.callsMax)"
      }
      guard plan.duration <= longest * Self.holdsMax else {
        return "plan: expected at most \(WrittenTime.text(longest * Self.holdsMax)) in all, got "
          + WrittenTime.text(plan.duration)
      }
    } catch {
      return String(error.description.trimmingPrefix("--"))
    }
    for text in request.thresholds {
      do throws(ThresholdFault) { _ = try Threshold(text) } catch { return "thresholds: \(error)" }
    }
    // Behind the first = stands the weight.
    guard let odd = request.cases.first(where: { $0.id.contains("=") }) else { return nil }
    return "cases: \(odd.id) has a = in its id, so that no load can name it"
  }

  func thresholds(of request: LoadRequest) -> [LoadThreshold] {
    request.thresholds.compactMap { text in
      do throws(ThresholdFault) { return LoadThreshold(try Threshold(text)) } catch { return nil }
    }
  }

  func begin(
    _ request: LoadRequest, target: String, key: String?, tell: @escaping @Sendable (LoadEvent) -> Void,
    whenOver: @escaping @Sendable (String?) -> Void
  ) throws(LoadGeneratorFault) -> any RunningLoad {
    let process =
      if let generators = request.generators, let shared {
        try GeneratorProcess(
          Self.arguments(
            for: request, target: shared.target, today: today(),
            more: ["--generators=\(generators)"] + shared.nodes.map { "--node=\($0)" }),
          key: shared.key, database: shared.database)
      } else {
        try GeneratorProcess(Self.arguments(for: request, target: target, today: today()), key: key)
      }
    let isQueued = reader.submit(.waitedFor) { whenOver(process.follow(tell)) }
    precondition(isQueued, "one run at a time needs no queue")
    return process
  }

  /// Values stand behind a =, so that none is taken for an option.
  private static func arguments(
    for request: LoadRequest, target: String, today: String, more: [String] = []
  ) -> [String] {
    var arguments = [
      "load", "--progress=json", "--stop-with-input", "--yes", "--target=\(target)", "--calls=\(request.calls)",
      "--plan=\(request.plan)", "--seed=\(request.seed)", "--today=\(today)",
    ]
    if let ramp = request.ramp { arguments.append("--ramp=\(ramp)") }
    if let hold = request.hold { arguments.append("--hold=\(hold)") }
    arguments += request.thresholds.map { "--threshold=\($0)" } + more
    return arguments + ["--"] + request.cases.map { "\($0.id)=\($0.weight)" }
  }
}

extension LoadThreshold {
  /// The parts of a threshold that was read.
  init(_ threshold: Threshold) {
    self.init(
      text: threshold.text, figure: threshold.figure.rawValue,
      statistic: threshold.measure.isEmpty ? nil : threshold.measure, comparison: threshold.relation.rawValue,
      limitThousandths: Int(nearest: threshold.limit * 1000), unit: threshold.unit)
  }
}

/// A `voiceforge load` that loads the server in this process: reads what it prints, ends it, and says how it ended. It ends with this
/// process, however that ends, because its standard input is a pipe from here.
final class GeneratorProcess: RunningLoad {
  /// How long it may take to hang up and tell what it found when it is to stop, in microseconds: its report takes a second.
  private static let stopMax: UInt64 = 8_000_000
  /// The same when generators on other machines hang up and tell.
  private static let sharedStopMax: UInt64 = 30_000_000
  /// The same when the server goes down, and nobody reads what it found.
  private static let endMax: UInt64 = 1_000_000
  /// How long it may go on when it has closed its output.
  private static let lingerMax: UInt64 = 2_000_000
  /// How often it is looked whether it is to be ended by force, in milliseconds.
  private static let look: Int32 = 100

  private struct State {
    var isOver = false
    /// Closed once it is to stop.
    var input: Int32?
    /// When it is ended by force, in microseconds of `MonotonicClock`.
    var killAt = UInt64.max
  }

  private let child: ChildProgram
  private let stopMax: UInt64
  private let state: Locked<State>

  /// - Parameters:
  ///   - arguments: of the program, its command first.
  ///   - key: for the server.
  ///   - database: in which it meets generators on other machines; `nil`: there are none.
  init(_ arguments: [String], key: String?, database: String? = nil) throws(LoadGeneratorFault) {
    // Not among the arguments, which everybody on the machine can read.
    var secrets: [String: String] = [:]
    secrets[Settings.keyName] = key
    secrets["DATABASE_URL"] = database
    child = try ChildProgram(arguments, variables: secrets, readsErrors: true)
    stopMax = database == nil ? Self.stopMax : Self.sharedStopMax
    state = Locked(State(input: child.input))
  }

  func stop() { stop(within: stopMax) }

  func end() {
    stop(within: Self.endMax)
    while !state.withLock({ $0.isOver }) { usleep(10_000) }
  }

  private func stop(within time: UInt64) {
    state.withLock { state in
      if let input = state.input { close(input) }
      state.input = nil
      state.killAt = min(state.killAt, MonotonicClock.now() + time)
    }
  }

  // MARK: - Reading

  /// Reads until it has ended; must be called once.
  /// - Returns: why it did not end well; `nil`: it told its result.
  func follow(_ tell: (LoadEvent) -> Void) -> String? {
    var hearing = LoadEventReader()
    var open = [child.output, child.errors].compactMap(\.self)
    var piece = [UInt8](repeating: 0, count: 65_536)
    while !open.isEmpty {
      var waited = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&waited, nfds_t(waited.count), Self.look)
      killIfDue()
      for one in waited where one.revents != 0 {
        let count = read(one.fd, &piece, piece.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 {
          open.removeAll { $0 == one.fd }
        } else if one.fd == child.errors {
          hearing.receiveError(piece[..<count])
        } else {
          hearing.receiveOutput(piece[..<count], tell)
        }
      }
      if hearing.fault != nil { stop(within: 0) }
    }
    return hearing.problem(with: awaitEnd())
  }

  private func killIfDue() {
    state.withLock { state in
      guard !state.isOver, MonotonicClock.now() >= state.killAt else { return }
      kill(child.id, SIGKILL)
    }
  }

  /// - Returns: its status as `waitpid` gives it.
  private func awaitEnd() -> Int32 {
    stop(within: Self.lingerMax)
    var status: Int32 = 0
    while waitpid(child.id, &status, WNOHANG) == 0 {
      killIfDue()
      usleep(10_000)
    }
    close(child.output)
    if let errors = child.errors { close(errors) }
    state.withLock { $0.isOver = true }
    return status
  }
}

/// Makes sense of what a generator prints.
struct LoadEventReader {
  /// Bytes of its standard error that are kept, the newest: the last words of one that fails.
  private static let errorBytesMax = 2_000

  private var lines = LineSplitter()
  private var errors: [UInt8] = []
  private var hasResult = false
  /// What is wrong with what it prints; nothing is heard from then on.
  private(set) var fault: String?

  /// Takes in a piece of its standard output.
  mutating func receiveOutput(_ piece: ArraySlice<UInt8>, _ tell: (LoadEvent) -> Void) {
    for line in lines.append(piece) where fault == nil {
      do throws(WireFault) {
        let line = try LoadEvent(parsing: line)
        if case .result = line { hasResult = true }
        tell(line)
      } catch {
        fault = "the generator told what cannot be read: \(error.message)"
      }
    }
    if lines.isTooLong { fault = "the generator told a line of more than \(LineSplitter.lineBytesMax) bytes" }
  }

  /// Takes in a piece of its standard error.
  mutating func receiveError(_ piece: ArraySlice<UInt8>) { errors = (errors + piece).suffix(Self.errorBytesMax) }

  /// Why it did not end well, by what it said last or by how it ended; `nil`: it told its result.
  /// - Parameter status: as `waitpid` gives it.
  func problem(with status: Int32) -> String? {
    if let fault { return fault }
    guard !hasResult else { return nil }
    let signal = status & 0x7F
    if signal != 0 { return "the generator was ended by signal \(signal)" }
    let said = String(decoding: errors, as: UTF8.self).split(separator: "\n")
      .map { $0.hasPrefix("voiceforge: ") ? $0.dropFirst("voiceforge: ".count) : $0 }
      .joined(separator: " ")
    return said.isEmpty ? "the generator ended with exit code \(status >> 8 & 0xFF) and without a word" : said
  }
}

/// Cuts what a generator prints into lines.
struct LineSplitter {
  /// Longest line: a report whose charts are full takes 200 KB, and twice as much as JSON.
  static let lineBytesMax = 4 << 20

  private var rest: [UInt8] = []
  /// Whether a line was longer than `lineBytesMax`; nothing is taken then.
  private(set) var isTooLong = false

  /// Takes in what was read and gives the lines that are complete by it, without their ends.
  mutating func append(_ piece: ArraySlice<UInt8>) -> [[UInt8]] {
    guard !isTooLong else { return [] }
    var lines: [[UInt8]] = []
    var piece = piece
    while let end = piece.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(rest + piece[..<end])
      rest = []
      piece = piece[(end + 1)...]
    }
    rest += piece
    isTooLong = rest.count > Self.lineBytesMax
    return lines
  }
}
