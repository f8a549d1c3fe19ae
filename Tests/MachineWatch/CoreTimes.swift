import Glibc

/// What all cores did since the machine started, and what of it was the work of this process and of those that it started; in the system's ticks.
struct CoreTimes {
  /// Of all cores together: everything, nothing, and what other machines had.
  private var all = 0
  private var idle = 0
  private var stolen = 0
  /// Of this process and all below it, those included that ended and were waited for.
  private var own = 0

  init() {
    // user, nice, system, idle, waiting for a disk, interrupts (two), stolen; what follows is in these already.
    let fields = Self.firstLine(of: "/proc/stat").split(separator: " ").dropFirst().prefix(8).compactMap { Int($0) }
    if fields.count == 8 {
      all = fields.reduce(0, +)
      idle = fields[3] + fields[4]
      stolen = fields[7]
    }
    own = Self.ticksOfThisAndBelow()
  }

  func since(_ earlier: CoreTimes) -> CoreTimes {
    var spent = self
    spent.all -= earlier.all
    spent.idle -= earlier.idle
    spent.stolen -= earlier.stolen
    spent.own -= earlier.own
    return spent
  }

  /// Shares of the cores' time, in per cent: what we used, what others on this machine used, and what other machines had. None where the system
  /// does not say.
  var ownPercent: Double { percent(own) }
  var othersPercent: Double { percent(max(0, all - idle - stolen - own)) }
  var stolenPercent: Double { percent(stolen) }

  private func percent(_ part: Int) -> Double { all > 0 ? Double(part) * 100 / Double(all) : 0 }

  private static func ticksOfThisAndBelow() -> Int {
    var parents: [Int32: Int32] = [:]
    var ticks: [Int32: Int] = [:]
    guard let folder = opendir("/proc") else { return 0 }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let id = Int32(name) else { continue }
      // Behind the name, which may hold anything: state, parent, …, and from the twelfth field on the time of the process and of its children.
      let fields = firstLine(of: "/proc/\(id)/stat").split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 14, let parent = Int32(fields[1]) else { continue }
      parents[id] = parent
      ticks[id] = fields[11...14].compactMap { Int($0) }.reduce(0, +)
    }
    let own = getpid()
    return ticks.reduce(0) { sum, process in
      var id = process.key
      while id != own, let parent = parents[id], parent != id { id = parent }
      return id == own ? sum + process.value : sum
    }
  }

  private static func firstLine(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 1024)
    guard fgets(&line, Int32(line.count), file) != nil else { return "" }
    return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
