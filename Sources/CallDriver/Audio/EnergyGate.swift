/// Tells frames that might hold speech from frames that are surely silent, for a hundredth of the detector's cost. It follows
/// the noise floor and is open while a frame is well above it, and for a while afterwards.
///
/// Integers only, so that replays are exact.
package struct EnergyGate: Sendable {
  /// Mean square below which a frame is always silent: −67 dBFS, below the noise of any microphone.
  package static let silenceMax = 200
  /// How far above the noise floor a frame opens the gate: a factor of 3, about 5 dB.
  static let openFactor = 3
  /// Frames for which the gate stays open after the last loud one: 240 ms, so that soft word endings reach the detector.
  package static let hangoverFrames = 12
  /// Pieces of a frame in which loudness is judged: 5 ms, so that the end of speech is known as finely.
  package static let pieceSamples = 80
  /// How far below the loudest recent piece a piece still belongs to speech: a factor of 1000, 30 dB. Softer is reverberation,
  /// breath and a codec's tail.
  package static let speechRange = 1000
  /// Highest noise floor: −30 dBFS. Louder steady sound is left to the detector.
  static let floorMax = 1_000_000

  private var floor = EnergyGate.silenceMax
  private var framesLeft = 0
  /// Energy of the loudest piece, halved every 1.8 s.
  private var peak = 0
  /// Where in the last frame its last loud piece ended, in samples: one well above the noise and not far below the speech around
  /// it. `nil` when none was loud; the gate may be open all the same.
  package private(set) var loudEnd: Int?

  /// Closed, with the lowest floor.
  package init() {}

  /// Takes in one frame.
  /// - Parameter frame: 16 kHz mono, not empty.
  /// - Returns: whether the frame might hold speech.
  package mutating func isOpen(for frame: UnsafeBufferPointer<Int16>) -> Bool {
    let energy = Self.energy(of: frame)
    let isAboveNoise = isAboveNoise(energy)
    judgePieces(of: frame)
    follow(energy)
    if isAboveNoise {
      framesLeft = Self.hangoverFrames
    } else if framesLeft > 0 {
      framesLeft -= 1
    }
    return isAboveNoise || framesLeft > 0
  }

  private mutating func judgePieces(of frame: UnsafeBufferPointer<Int16>) {
    loudEnd = nil
    peak -= peak / 128
    var start = 0
    while start < frame.count {
      let end = min(start + Self.pieceSamples, frame.count)
      let energy = Self.energy(of: UnsafeBufferPointer(rebasing: frame[start..<end]))
      peak = max(peak, energy)
      if isAboveNoise(energy), energy > peak / Self.speechRange { loudEnd = end }
      start = end
    }
  }

  private func isAboveNoise(_ energy: Int) -> Bool { energy > Self.silenceMax && energy > floor * Self.openFactor }

  /// Mean square of one frame's samples, 0 … 2³⁰.
  package static func energy(of frame: UnsafeBufferPointer<Int16>) -> Int {
    var sum = 0
    for sample in frame { sum += Int(sample) * Int(sample) }
    return sum / max(frame.count, 1)
  }

  /// The floor falls to a quieter frame within a few frames and rises by 1 % a frame: a sentence of 2 s lifts it by a factor of
  /// 2.7 at most, and steady noise closes the gate after some seconds.
  private mutating func follow(_ energy: Int) {
    if energy < floor {
      floor = max((floor * 3 + energy) / 4, Self.silenceMax)
    } else {
      floor = min(floor + max(floor / 100, 1), Self.floorMax)
    }
  }
}
