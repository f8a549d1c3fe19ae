import CallDriver
import FoundationEssentials
import Glibc

/// A server in a process of its own, so that what it uses is its own. It ends with this process, however that ends: its standard input is
/// a pipe from here, and it stops when that is closed.
final class ServerProcess {
  /// How long a server may take until it listens; it takes 20 ms.
  private static let startMax: Int32 = 15_000
  /// How long it may take to end before it is killed.
  private static let endMax = 5_000

  let id: pid_t
  /// Such as `http://127.0.0.1:40123`.
  let url: String
  private let input: Int32
  private let output: Int32
  private var isStopped = false

  /// Starts `voiceforge serve` on a free port and waits until it listens.
  /// - Parameter arguments: further ones.
  init(_ arguments: [String]) throws {
    let (inputEnd, inputStart) = try Self.pipe()
    let (outputEnd, outputStart) = try Self.pipe()
    defer {
      close(inputEnd)
      close(outputStart)
    }
    input = inputStart
    output = outputEnd
    id = try Self.spawn(
      ["serve", "--port", "0", "--drain", "0", "--stop-with-input"] + arguments, input: inputEnd, output: outputStart)
    guard let url = Self.address(in: outputEnd) else {
      kill(id, SIGKILL)
      var status: Int32 = 0
      waitpid(id, &status, 0)
      throw CommandFault(
        "the server that was started for the load did not come up; try `voiceforge serve`", .unreachable)
    }
    self.url = url
  }

  deinit { stop() }

  /// Ends it, by force when it takes too long.
  func stop() {
    guard !isStopped else { return }
    isStopped = true
    close(input)
    close(output)
    var status: Int32 = 0
    for _ in 0..<(Self.endMax / 10) {
      if waitpid(id, &status, WNOHANG) != 0 { return }
      usleep(10_000)
    }
    kill(id, SIGKILL)
    waitpid(id, &status, 0)
  }

  private static func pipe() throws -> (end: Int32, start: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else { throw CommandFault("no pipe: \(String(cString: strerror(errno)))", .failed) }
    // The server must not keep the ends that are ours: it would never see its input end.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// In a process group of its own, so that Ctrl-C reaches it through us, and with no signal blocked.
  private static func spawn(_ arguments: [String], input: Int32, output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var id = pid_t()
    let words = pointers(["voiceforge"] + arguments)
    let variables = pointers(ProcessInfo.processInfo.environment.map { "\($0)=\($1)" })
    defer { for word in words + variables { free(word) } }
    let code = posix_spawn(&id, "/proc/self/exe", &actions, &attributes, words, variables)
    guard code == 0 else { throw CommandFault("no server process: \(String(cString: strerror(code)))", .failed) }
    return id
  }

  /// Copies that the caller frees, and a null behind them.
  private static func pointers(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] { words.map { strdup($0) } + [nil] }

  /// Reads until the address is there.
  private static func address(in descriptor: Int32) -> String? {
    var text = ""
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      if let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .first(where: { $0.contains(" serves on http") }),
        let word = line.split(separator: " ").first(where: { $0.hasPrefix("http") })
      {
        return String(word)
      }
      var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waited, 1, startMax) > 0 else { return nil }
      let count = read(descriptor, &piece, piece.count)
      guard count > 0 else { return nil }
      text += String(decoding: piece[..<count], as: UTF8.self)
    }
  }
}
