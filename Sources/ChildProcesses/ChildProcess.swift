import CChildProcesses
import Glibc

/// A child of this program: a process that answers requests over a socket pair. Used by one thread at a time.
///
/// It is started with `posix_spawn`, never by a fork alone. It has an empty environment, no signal blocked, a process group of its own, the
/// socket as standard input and output, `/dev/null` or a pipe as standard error, and nothing else open.
final class ChildProcess {
  /// Of the process.
  let id: pid_t
  private let descriptor: Int32
  private let limits: ChildLimits
  /// Whether it has said that it is ready.
  private(set) var hasStarted = false
  private var howEnded: ChildEnd?
  private let errors: ErrorPipe?

  /// - Parameter errors: where its standard error goes; nil: nowhere.
  init(_ executable: ChildExecutable, limits: ChildLimits, errors: ErrorPipe? = nil) throws(ChildFailure) {
    self.limits = limits
    self.errors = errors
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw .notStarted("no socket: \(String(cString: strerror(errno)))")
    }
    defer { close(ends[1]) }
    do throws(ChildFailure) { id = try Self.spawn(executable, socket: ends[1], errors: errors) } catch {
      close(ends[0])
      throw error
    }
    descriptor = ends[0]
  }

  deinit { end() }

  /// Whether it is alive as far as its socket says: it ended, for whatever reason, when the other end is closed.
  var isAlive: Bool {
    var waited = pollfd(fd: descriptor, events: 0, revents: 0)
    return howEnded == nil && poll(&waited, 1, 0) == 0
  }

  /// Waits for the answer, and first for the child to have started. A child that failed is over.
  func response(
    to request: [UInt8], isWanted: @escaping () -> Bool = { true }
  ) throws(ChildFailure) -> [UInt8] {
    let socket = MessageSocket(descriptor: descriptor)
    if !hasStarted {
      do throws(ChildFailure) {
        _ = try watched { wait throws(MessageSocket.Fault) in try socket.receive(bytesMax: 0, wait: wait) }
      } catch {
        throw .notStarted("it \(error)")
      }
      hasStarted = true
    }
    return try watched(isWanted) { wait throws(MessageSocket.Fault) in
      try socket.send(request, wait: wait)
      return try socket.receive(bytesMax: limits.answerBytesMax, wait: wait)
    }
  }

  private func watched(
    _ isWanted: @escaping () -> Bool = { true }, _ body: (MessageSocket.Wait) throws(MessageSocket.Fault) -> [UInt8]
  ) throws(ChildFailure) -> [UInt8] {
    var watch = ChildWatch(child: id, limits: limits, isWanted: isWanted)
    let descriptor = self.descriptor
    do throws(MessageSocket.Fault) {
      return try body { events throws(MessageSocket.Fault) in try watch.wait(for: events, on: descriptor) }
    } catch {
      let how = end()
      switch error {
      case .closed: throw .ended(how)
      case .passed(let limit): throw .timedOut(limit)
      case .unwanted: throw .unwanted
      case .tooLarge(let count): throw .badAnswer("\(count) bytes; at most \(limits.answerBytesMax) are taken")
      }
    }
  }

  /// Ends it by force, unless it is over.
  @discardableResult func end() -> ChildEnd {
    if let howEnded { return howEnded }
    close(descriptor)
    kill(id, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    // The macros of wait.h: the signal is in the lowest seven bits, the exit code in the second byte.
    let signal = Int(status & 0x7f)
    let how = signal == 0 ? ChildEnd.exited(Int(status >> 8 & 0xff)) : .killed(signal: signal)
    howEnded = how
    return how
  }

  // MARK: - Starting

  private static func spawn(
    _ executable: ChildExecutable, socket: Int32, errors: ErrorPipe?
  ) throws(ChildFailure) -> pid_t {
    let options = SpawnOptions()
    options.hand(socket, as: STDIN_FILENO)
    options.hand(STDIN_FILENO, as: STDOUT_FILENO)
    options.closeRest(errors: errors?.writingEnd)
    options.reset([SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT])
    // It ends with its socket.
    let (id, trouble) = options.start(executable.path, ["voiceforge"] + executable.arguments, environment: [])
    if let trouble { throw .notStarted("\(executable.path): \(trouble)") }
    return id
  }
}

/// Which program a child is, and what it is told at its start.
public struct ChildExecutable: Sendable, Hashable {
  /// Path of the program; `thisProgram` for the one that runs now.
  public var path: String
  /// Behind the program's name. Everybody on the machine can read them.
  public var arguments: [String]

  package init(path: String, arguments: [String]) {
    self.path = path
    self.arguments = arguments
  }

  /// The program that runs now, also when another file was put in its place since.
  public static let thisProgram = "/proc/self/exe"

  /// The file `name` in the folder of the program that runs now; nil where `/proc` is missing.
  public static func beside(_ name: String) -> String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(thisProgram, &path, path.count)
    guard count > 0, count < path.count else { return nil }
    let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return own.lastIndex(of: "/").map { "\(own[...$0])\(name)" }
  }
}
