import JSON
import Formats

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
  mutating func hear(_ piece: ArraySlice<UInt8>, _ tell: (LoadEvent) -> Void) {
    for line in lines.take(piece) where fault == nil {
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
  mutating func hearError(_ piece: ArraySlice<UInt8>) { errors = (errors + piece).suffix(Self.errorBytesMax) }

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
