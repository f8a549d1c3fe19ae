/// Finds the beep of an answering machine: one tone of 380 to 2250 Hz that stands still for 160 ms or more, and then silence.
///
/// Windows of 40 ms, every 20 ms. A beep is told when it is over: whoever leaves a message then speaks. Allocates nothing once it is made; 25 µs of a core for
/// 20 ms of sound (measured).
package struct BeepDetector: Sendable {
  /// Least share of a window's energy that lies within 110 Hz of its peak.
  private static let shareMin = 0.92
  /// How far the frequency of a tone may move, in Hz.
  private static let driftMax = 12.0
  /// Windows that a tone fills at least, and at most: 160 ms, and 2 s, as longer ones are dial tones or music.
  private static let windows = 7...100
  /// Windows behind it that may hold its end, and those behind them that must be quiet: music goes on.
  private static let (edgeWindows, quietWindows) = (2, 4)
  /// How much softer than the tone the silence is: a factor on powers, 12 dB.
  private static let quietness = 16.0
  /// Least mean square of a tone: −48 dBFS.
  private static let powerMin = 17_000.0
  /// Of a window of 320 samples, the discrete frequencies every 25 Hz: those in which a peak may be, 400 to 2250 Hz, every second one; and how many on either
  /// side belong to it.
  private static let peaks = 16...90
  private static let width = 4
  /// 2 cos(2πk/320) for each k, by the recurrence of the cosine.
  private static let turns: [Double] = {
    let step = 1.9996144809641296
    var (before, now) = (step / 2, 1.0)
    return (0...(peaks.upperBound + width + 1)).map { _ in
      defer { (before, now) = (now, step * now - before) }
      return 2 * now
    }
  }()

  private var window = ToneWindow(count: 320, hop: 160, edge: 0, turn: 1.999612060206672)
  /// Lowest and highest frequency of the tone so far, in Hz; its windows, 0 without one; its loudest one's power.
  private var (lowest, highest) = (0.0, 0.0)
  private var length = 0
  private var loudest = 0.0
  /// A tone that ended: its power, and windows since.
  private var ended: (power: Double, windows: Int)?

  package init() {}

  /// Takes in what the line carries next.
  /// - Parameter samples: 16 kHz mono, any number.
  /// - Returns: whether a beep was found to be over in it, some 120 ms before.
  package mutating func hear(_ samples: UnsafeBufferPointer<Int16>) -> Bool {
    var isOver = false
    for sample in samples where window.add(sample) {
      if follow(tone()) { isOver = true }
    }
    return isOver
  }

  /// The line goes on elsewhere: what comes next does not follow.
  /// - Returns: whether a beep was over, or so long that it was one.
  package mutating func reset() -> Bool {
    let isOver = ended != nil || Self.windows.contains(length)
    window.reset()
    (length, loudest, ended) = (0, 0, nil)
    return isOver
  }

  /// - Parameter tone: of the window, in Hz; `nil`: there is none.
  /// - Returns: whether a beep is over.
  private mutating func follow(_ tone: Double?) -> Bool {
    if let tone, length > 0, max(highest, tone) - min(lowest, tone) <= Self.driftMax {
      (lowest, highest) = (min(lowest, tone), max(highest, tone))
      loudest = max(loudest, window.power)
      length += 1
    } else {
      if Self.windows.contains(length) { ended = (loudest, 0) }
      (lowest, highest) = (tone ?? 0, tone ?? 0)
      (loudest, length) = (window.power, tone == nil ? 0 : 1)
    }
    guard let beep = ended else { return false }
    let count = beep.windows + 1
    let goesOn = count > Self.edgeWindows && window.power * Self.quietness > beep.power
    let isOver = count == Self.edgeWindows + Self.quietWindows
    ended = goesOn || isOver ? nil : (beep.power, count)
    return isOver && !goesOn
  }

  /// The frequency of a window that holds one tone and little else.
  private func tone() -> Double? {
    guard window.power >= Self.powerMin else { return nil }
    var (peak, most) = (0, 0.0)
    for place in stride(from: Self.peaks.lowerBound, through: Self.peaks.upperBound, by: 2) {
      let power = window.power(turn: Self.turns[place])
      if power > most { (peak, most) = (place, power) }
    }
    guard most > 0 else { return nil }
    var (sum, center) = (0.0, peak)
    for place in (peak - Self.width)...(peak + Self.width) {
      let power = window.power(turn: Self.turns[place])
      sum += power
      if power > most { (center, most) = (place, power) }
    }
    // The sum over all places, mirrored ones included, is the window's energy times its length.
    guard 2 * sum >= Self.shareMin * 320 * window.energy, Self.peaks.contains(center) else { return nil }
    return frequency(near: center)
  }

  /// Between two places, as Hann's window tells it: the ratio r of two neighbours' amplitudes is at (2r − 1) / (1 + r).
  private func frequency(near place: Int) -> Double {
    let middle = window.power(turn: Self.turns[place]).squareRoot()
    let below = window.power(turn: Self.turns[place - 1]).squareRoot()
    let above = window.power(turn: Self.turns[place + 1]).squareRoot()
    let ratio = max(below, above) / middle
    let offset = (2 * ratio - 1) / (1 + ratio)
    return 25 * (Double(place) + (above > below ? offset : -offset))
  }
}
