import Glibc

/// Sounds that are no speech.
enum TestSound {
  /// White noise from a linear congruential generator (Numerical Recipes): the same every time.
  static func noise(samples: Int, amplitude: Int) -> [Int16] {
    var state: UInt32 = 1
    return (0..<samples).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int16(Int(state >> 16) % (2 * amplitude) - amplitude)
    }
  }

  static func tone(hertz: Double, sampleRate: Int, samples: Int, amplitude: Double = 8000) -> [Int16] {
    (0..<samples).map { Int16(amplitude * sin(2 * .pi * hertz * Double($0) / Double(sampleRate))) }
  }
}
