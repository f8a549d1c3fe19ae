import CallDriver
import Glibc

/// Reads the test clips: RIFF files of 16-bit mono samples.
enum WaveFile {
  /// Why a clip cannot be read.
  struct Unreadable: Error, CustomStringConvertible {
    var description: String
  }

  static func read(_ path: String) throws -> PCMBuffer {
    guard let file = fopen(path, "rb") else { throw Unreadable(description: "cannot open \(path)") }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    guard fread(&bytes, 1, bytes.count, file) == bytes.count, bytes.count > 44 else {
      throw Unreadable(description: "cannot read \(path)")
    }
    return try parse(bytes, path)
  }

  private static func parse(_ bytes: [UInt8], _ path: String) throws -> PCMBuffer {
    var rate = 0
    var at = 12
    while at + 8 <= bytes.count {
      let size = number(bytes, at + 4, 4)
      let name = bytes[at..<(at + 4)]
      if name.elementsEqual("fmt ".utf8) {
        guard number(bytes, at + 10, 2) == 1, number(bytes, at + 22, 2) == 16 else {
          throw Unreadable(description: "\(path) is not 16-bit mono")
        }
        rate = number(bytes, at + 12, 4)
      } else if name.elementsEqual("data".utf8), rate > 0 {
        let count = min(size, bytes.count - at - 8) / 2
        let samples = (0..<count).map { Int16(truncatingIfNeeded: number(bytes, at + 8 + 2 * $0, 2)) }
        return PCMBuffer(sampleRate: rate, samples: samples)
      }
      at += 8 + size + size % 2
    }
    throw Unreadable(description: "\(path) holds no sound")
  }

  private static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> Int {
    (0..<width).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }
}
