/// Cuts what a generator prints into lines.
struct LineSplitter {
  /// Longest line: a report whose charts are full takes 200 KB, and twice as much as JSON.
  static let lineBytesMax = 4 << 20

  private var rest: [UInt8] = []
  /// Whether a line was longer than `lineBytesMax`; nothing is taken then.
  private(set) var isTooLong = false

  /// Takes in what was read and gives the lines that are complete by it, without their ends.
  mutating func take(_ piece: ArraySlice<UInt8>) -> [[UInt8]] {
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
