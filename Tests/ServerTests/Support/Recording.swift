import CallCore
import Foundation

/// A stereo WAV file as `GET …/recording` answers it.
struct Recording {
  let channels: Int
  let sampleRate: Int
  let bitsPerSample: Int
  let caller: [Int16]
  let agent: [Int16]

  enum Fault: Error { case noWAV }

  init(_ file: [UInt8]) throws {
    guard file.count >= 44, Array(file[0..<4]) == Array("RIFF".utf8), Array(file[8..<16]) == Array("WAVEfmt ".utf8),
      Array(file[36..<40]) == Array("data".utf8)
    else { throw Fault.noWAV }
    channels = Self.number(file, 22, 2)
    sampleRate = Self.number(file, 24, 4)
    bitsPerSample = Self.number(file, 34, 2)
    let samples = stride(from: 44, to: file.count - 1, by: 2).map {
      Int16(bitPattern: UInt16(Self.number(file, $0, 2)))
    }
    caller = stride(from: 0, to: samples.count - 1, by: 2).map { samples[$0] }
    agent = stride(from: 1, to: samples.count, by: 2).map { samples[$0] }
  }

  private static func number(_ file: [UInt8], _ start: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(file[start + $1]) << ($1 * 8) }
  }

  /// Mean square of each 5 ms of a channel.
  static func energies(_ samples: [Int16]) -> [Int] {
    stride(from: 0, to: samples.count - 79, by: 80).map { start in
      samples[start..<start + 80].reduce(0) { $0 + Int($1) * Int($1) } / 80
    }
  }

  /// End of the last sound of a channel within `range`, in milliseconds: the last 5 ms above −50 dBFS.
  static func soundEnd(_ samples: [Int16], within range: Range<Int>) -> Int? {
    let energies = energies(samples)
    let pieces = (range.lowerBound / 5)..<min(range.upperBound / 5, energies.count)
    return pieces.last { energies[$0] > 10_000 }.map { ($0 + 1) * 5 }
  }
}
