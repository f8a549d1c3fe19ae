import Glibc

/// The processors that this process may run on: fewer than the machine has under `taskset` or in a container with a set of its own.
enum Processors {
  /// Bytes of a set of 1024 processors, the size that the C library uses, too.
  private static let setBytes = 128

  /// Their number, 1 and up.
  static let count: Int = {
    // Of `sched.h`, which Swift's module of the C library leaves out.
    typealias GetAffinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> Int32
    var set = [UInt8](repeating: 0, count: setBytes)
    guard let found = dlsym(nil, "sched_getaffinity"),
      unsafeBitCast(found, to: GetAffinity.self)(0, setBytes, &set) == 0
    else { return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
    return max(1, set.reduce(0) { $0 + $1.nonzeroBitCount })
  }()
}

/// What the machine says of itself.
enum Machine {
  /// Its name on the network, without a domain unless it was given one; empty where it has none.
  static var hostName: String {
    var name = [CChar](repeating: 0, count: hostNameBytes)
    guard gethostname(&name, hostNameBytes - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Bytes of the longest name (`HOST_NAME_MAX` of Linux is 64), and a NUL.
  private static let hostNameBytes = 256
}

/// The day by the machine's own clock and time zone.
enum Today {
  /// Such as `2026-05-01`.
  static func text() -> String {
    var now = time(nil)
    var day = tm()
    localtime_r(&now, &day)
    return "\(padded(Int(day.tm_year) + 1900, 4))-\(padded(Int(day.tm_mon) + 1, 2))-\(padded(Int(day.tm_mday), 2))"
  }

  /// Such as `15:30`.
  static func timeText() -> String {
    var now = time(nil)
    var day = tm()
    localtime_r(&now, &day)
    return "\(padded(Int(day.tm_hour), 2)):\(padded(Int(day.tm_min), 2))"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}
