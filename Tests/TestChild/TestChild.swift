import ChildProcesses
import Glibc

/// A child for the tests of `ChildProcesses`: it does what a request says.
///
///     echo TEXT       gives the text back
///     pid             gives its process identifier
///     abort           ends with signal 6
///     exit            ends with exit code 7
///     burn            uses CPU without end
///     wait            waits without end
///     hoard           takes memory without end, then ends with exit code 8
///     large           answers with a message of 2 MiB
///     print           prints to standard output and error, then answers
///     open            gives the numbers of its open descriptors
///     variables       gives the number of its variables
///     write           tries to write a file, and answers whether it could
///     reach           tries a file, a socket, a process and a signal, and answers which of them it got
///
/// With `confined` behind `child` it is a child that is left nothing but its socket.
@main
enum TestChild {
  static func main() {
    guard CommandLine.arguments.dropFirst().first == "child" else { exit(2) }
    let isConfined = CommandLine.arguments.contains("confined")
    ChildService.run(limits: limits, isConfined: isConfined) { request in
      let words = String(decoding: request, as: UTF8.self).split(separator: " ", maxSplits: 1)
      return Array(answer(to: words.first ?? "", words.dropFirst().first.map(String.init) ?? "").utf8)
    }
  }

  /// The tests use the same.
  static let limits = ChildLimits(
    cpuMillisecondsMax: 300, idleMillisecondsMax: 500, answerMillisecondsMax: 60_000, memoryBytesMax: 512 << 20,
    requestBytesMax: 1 << 20, answerBytesMax: 1 << 20)

  private static func answer(to command: Substring, _ text: String) -> String {
    switch command {
    case "echo": return text
    case "pid": return "\(getpid())"
    case "abort":
      signal(SIGABRT, SIG_DFL)  // the address sanitizer would end with an exit code
      abort()
    case "exit": _exit(7)
    case "burn":
      var sum: UInt64 = 1
      while sum != 0 { sum = sum &* 3 | 1 }
      return "\(sum)"
    case "wait":
      while true { pause() }
    case "hoard": hoard()
    case "large": return String(repeating: "x", count: 2 << 20)
    case "print":
      write(STDOUT_FILENO, "noise", 5)
      write(STDERR_FILENO, "noise", 5)
      return "printed"
    case "open":
      return (0..<256).filter { fcntl($0, F_GETFD) >= 0 }.map { "\($0)" }.joined(separator: " ")
    case "variables":
      var count = 0
      while environ[count] != nil { count += 1 }
      return "\(count)"
    case "reach": return reached().joined(separator: " ")
    case "write": return canWrite(text) ? "yes" : "no"
    default: return "unknown"
    }
  }

  private static func hoard() -> Never {
    // Not malloc, which an optimiser leaves out when nobody uses what it gives.
    while mmap(nil, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED {}
    _exit(8)
  }

  private static func reached() -> [String] {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var id = pid_t()
    let words = [strdup("true"), nil]
    let tries: [(String, () -> Bool)] = [
      ("file", { open("/etc/hostname", O_RDONLY) >= 0 }),
      ("socket", { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 }),
      ("process", { posix_spawn(&id, "/bin/true", nil, &attributes, words, nil) == 0 }),
      ("signal", { kill(getpid(), 0) == 0 }),
    ]
    return tries.filter { $0.1() }.map(\.0)
  }

  private static func canWrite(_ path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(file) }
    return write(file, path, 1) == 1
  }
}
