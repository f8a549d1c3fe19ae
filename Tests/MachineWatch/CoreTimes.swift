import Glibc

/// What all cores did since the machine started, in the system's ticks: the first line of `/proc/stat`.
struct CoreTimes {
  private var fields: [Int]

  init() {
    fields = []
    guard let file = fopen("/proc/stat", "r") else { return }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, Int32(line.count), file) != nil else { return }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // user, nice, system, idle, waiting for a disk, interrupts (two), stolen; what follows is in these already.
    fields = text.split { $0 == " " || $0 == "\n" }.dropFirst().prefix(8).compactMap { Int($0) }
  }

  func since(_ earlier: CoreTimes) -> CoreTimes {
    var spent = self
    spent.fields = zip(fields, earlier.fields).map { $0 - $1 }
    return spent
  }

  /// All of the time where the system does not say.
  var idlePercent: Double { fields.count == 8 ? percent(fields[3] + fields[4], otherwise: 100) : 100 }
  /// None of the time where the system does not say.
  var stolenPercent: Double { fields.count == 8 ? percent(fields[7], otherwise: 0) : 0 }

  private func percent(_ part: Int, otherwise: Double) -> Double {
    let all = fields.reduce(0, +)
    return all > 0 ? Double(part) * 100 / Double(all) : otherwise
  }
}
