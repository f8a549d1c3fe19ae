import CallCore
import CallDriver
import Formats
import Glibc
import Logging
import Threads

/// Which calls' events and actions are written down, and where.
public struct CallTraceSettings: Sendable {
  /// The file of a call, by the call's id; `nil`: none is written.
  public var file: (@Sendable (_ call: String) -> String)?
  /// Whether the log shows keys, typed and spoken words. Off unless asked: logs go further than anybody thinks.
  public var logsWords = false
  /// Most bytes of a file; what would be beyond is lost and counted. The longest call has some 20 MB.
  public var fileBytesMax = 64 << 20
  /// Most bytes of all files that this server writes; then the log says so once, and nothing more is written.
  public var bytesMax = 4 << 30

  /// No files, and a log without words.
  public init() {}
}

/// Writes traces and the log of every call's events on a thread of its own: a media loop never waits for a disk or a terminal.
///
/// It looks at each call ten times a second. What a disk does not take is said once, and the calls go on.
final class CallTraceService: Sendable {
  private struct State {
    /// Calls that began since the thread last looked.
    var begun: [CallTraceFile] = []
    var isStopping = false
    var hasThread = false
    /// What was first wrong with a file.
    var fault: String?
  }

  private static let period = Duration.milliseconds(100)
  /// How long a disk may take when the server stops.
  private static let stopTime = Duration.seconds(5)

  private let settings: CallTraceSettings
  private let version: String
  private let log: Logger
  private let state = Monitor(State())
  private let ended = Latch()

  /// - Returns: `nil` when nothing is to be written down: calls then have no trace.
  init?(settings: CallTraceSettings, version: String, log: Logger) {
    guard settings.file != nil || log.logLevel <= .debug else { return nil }
    self.settings = settings
    self.version = version
    self.log = log
  }

  /// Takes the traces of calls away. Blocks.
  /// - Returns: how many there were.
  func remove(_ calls: [String]) -> Int {
    guard let file = settings.file else { return 0 }
    return calls.count { unlink(file($0)) == 0 }
  }

  /// Why a trace could not be written; `nil` as long as all could.
  var fault: String? { state.read { $0.fault } }

  /// Starts the thread; without one, calls have no trace.
  func start() {
    do throws(Thread.Failure) {
      try Thread.startDetached("traces") { [self] in
        run()
        ended.open()
      }
      state.withLock { $0.hasThread = true }
    } catch {
      log.error("calls are not traced: \(error)")
    }
  }

  /// Begins the trace of a call. Opens nothing yet: that may take its time.
  func begin(_ header: CallTraceHeader) -> CallTraceBuffer? {
    let file = CallTraceFile(header, path: settings.file?(header.call), bytesMax: settings.fileBytesMax)
    return state.withLock { state in
      guard state.hasThread, !state.isStopping else { return nil }
      state.begun.append(file)
      return file.buffer
    }
  }

  /// Writes what is there and ends the thread; a disk that takes longer than a few seconds is left to itself. Traces of calls that are not
  /// over are left without their last line.
  func stop() {
    let hasThread = state.withLock { state in
      state.isStopping = true
      defer { state.hasThread = false }
      return state.hasThread
    }
    if hasThread, !ended.wait(within: Self.stopTime) {
      log.error("traces are not written to their end: the disk takes too long")
    }
  }

  private func run() {
    var files: [CallTraceFile] = []
    var bytesLeft = settings.bytesMax
    var spare = CallTraceBuffer.Batch()
    while true {
      let isLast = state.withLock { state in
        files += state.begun
        state.begun.removeAll(keepingCapacity: true)
        return state.isStopping
      }
      for file in files { look(at: file, &spare, &bytesLeft) }
      files.removeAll(where: \.isOver)
      if isLast { return files.forEach { $0.close() } }
      _ = state.wait(until: .after(Self.period)) { $0.isStopping ? true : nil }
    }
  }

  private func look(at file: CallTraceFile, _ spare: inout CallTraceBuffer.Batch, _ bytesLeft: inout Int) {
    file.buffer.take(into: &spare)
    tell(spare, of: file.header.call)
    guard let fault = file.write(spare, version: version, bytesLeft: &bytesLeft) else { return }
    // The next one says nothing new; each of a thousand calls would say it.
    let isFirst = state.withLock { state in
      defer { state.fault = state.fault ?? fault }
      return state.fault == nil
    }
    if isFirst { log.error("traces cannot be written, and calls go on without: \(fault)") }
  }

  /// One line for each event, but at `debug` not for those that come with every frame.
  private func tell(_ batch: CallTraceBuffer.Batch, of call: String) {
    guard log.logLevel <= .debug, !(batch.steps.isEmpty && batch.lost == 0) else { return }
    var log = log
    log[metadataKey: "call"] = "\(call)"
    for step in batch.steps {
      let level: Logger.Level = step.isOfEveryFrame ? .trace : .debug
      guard log.logLevel <= level else { continue }
      log.log(level: level, "\(CallLogText.text(of: step, showsWords: settings.logsWords))")
    }
    if batch.lost > 0 { log.warning("\(batch.lost) events of the call came too fast to be told") }
  }
}

/// The trace of one call on its way into a file. Lives on the service's thread, but for its buffer.
private final class CallTraceFile: @unchecked Sendable {
  // Unchecked: handed to the service's thread once, and touched by nobody else from then on.
  let header: CallTraceHeader
  let buffer = CallTraceBuffer()
  private(set) var isOver = false
  private let path: String?
  private let bytesMax: Int
  private var descriptor: Int32 = -1
  private var hasFailed = false
  private var bytesWritten = 0
  private var steps = 0
  private var lost = 0
  private var lostSinceStep = 0

  init(_ header: CallTraceHeader, path: String?, bytesMax: Int) {
    self.header = header
    self.path = path
    self.bytesMax = bytesMax
  }

  /// Adds what came.
  /// - Parameter bytesLeft: that all files together may still have.
  /// - Returns: why the file cannot be written; said once for each file.
  func write(_ batch: CallTraceBuffer.Batch, version: String, bytesLeft: inout Int) -> String? {
    isOver = batch.isLast
    guard let path, !hasFailed else { return nil }
    var bytes: [UInt8] = []
    if descriptor < 0 {
      descriptor = Self.open(path)
      guard descriptor >= 0 else { return fail(path, errno) }
      bytes = CallTrace.line(of: header, version: version)
    }
    for step in batch.steps { add(step, to: &bytes) }
    lostSinceStep += batch.lost
    if batch.isLast {
      addGap(to: &bytes)
      bytes += CallTrace.lastLine(steps: steps, lost: lost)
    }
    guard bytes.count <= bytesLeft else {
      hasFailed = true
      close()
      return "\(path): the traces of this server have all the bytes that they may have"
    }
    bytesLeft -= bytes.count
    let code = bytes.isEmpty ? 0 : append(bytes)
    guard code == 0 else { return fail(path, code) }
    if isOver { close() }
    return nil
  }

  /// Nobody but the owner may read it: a trace holds what was said. A pipe is refused, which would keep the thread as long as nobody reads.
  private static func open(_ path: String) -> Int32 {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { return -1 }
    var status = stat()
    let isRead = fstat(descriptor, &status) == 0
    guard isRead, ![S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT) else {
      Glibc.close(descriptor)
      errno = EINVAL
      return -1
    }
    // One that was there before keeps its rights otherwise.
    if status.st_mode & S_IFMT == S_IFREG { fchmod(descriptor, 0o600) }
    return descriptor
  }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  private func add(_ step: CallTraceStep, to bytes: inout [UInt8]) {
    let line = CallTrace.line(of: step)
    guard bytesWritten + bytes.count + line.count <= bytesMax else { return lostSinceStep += 1 }
    addGap(to: &bytes)
    bytes += line
    steps += 1
  }

  private func addGap(to bytes: inout [UInt8]) {
    guard lostSinceStep > 0 else { return }
    bytes += CallTrace.line(lost: lostSinceStep)
    lost += lostSinceStep
    lostSinceStep = 0
  }

  /// - Returns: 0, or `errno`.
  private func append(_ bytes: [UInt8]) -> Int32 {
    bytesWritten += bytes.count
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return errno }
      rest = rest.dropFirst(written)
    }
    return 0
  }

  private func fail(_ path: String, _ code: Int32) -> String {
    hasFailed = true
    close()
    return "\(path): \(String(cString: strerror(code)))"
  }
}
