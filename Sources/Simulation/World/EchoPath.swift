import CallCore

/// The way from the caller's loudspeaker to the caller's microphone: later and softer.
struct EchoPath: Sendable {
  private let gain: Double
  /// What the loudspeaker played and the microphone has not heard yet, as a ring.
  private var waiting: [Int16]
  private var position = 0

  /// - Parameter echo: with a delay of 0 or more.
  init(_ echo: CallWorld.Echo) {
    precondition(echo.delay >= .zero, "an echo comes afterwards")
    gain = Decibels.amplitude(echo.level)
    waiting = [Int16](repeating: 0, count: Int(echo.delay.microseconds * 16 / 1000))
  }

  /// Takes in what is played and adds what arrives. Allocates nothing.
  mutating func add(_ played: UnsafeBufferPointer<Int16>, to frame: UnsafeMutableBufferPointer<Double>) {
    guard !waiting.isEmpty else {
      for index in frame.indices { frame[index] += gain * Double(played[index]) }
      return
    }
    for index in frame.indices {
      frame[index] += gain * Double(waiting[position])
      waiting[position] = played[index]
      position = position + 1 == waiting.count ? 0 : position + 1
    }
  }
}
