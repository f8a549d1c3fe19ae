package import CallCore

/// Finds the keys of a telephone in sound (ITU-T Q.23, Q.24): two tones, one of each group, that are most of what is heard for two windows in a row.
///
/// Windows of 25 ms, every 10 ms. Allocates nothing once it is made; 10 µs of a core for 20 ms of
/// speech, less of silence (measured). The keys A to D, which
/// no caller has, are found and told to nobody: music sounds like one now and then.
package struct KeyToneDetector: Sendable {
  /// Least share of a window's energy that is in the two tones.
  private static let shareMin = 0.6
  /// How much louder a tone is at least than every other of its group: a factor on powers, 6 dB.
  private static let runnerUp = 4.0
  /// How much louder the row's tone may be than the column's, and the column's than the row's: factors on powers, 8.5 dB and 9 dB.
  private static let twistMax = (row: 7.08, column: 7.94)
  /// Most power at twice the column's frequency, as a share of the column's own: voices have it, keys do not. Twice the row's frequency lies beside the
  /// columns and tells nothing.
  private static let harmonicMax = 0.1
  /// Least mean square: −48 dBFS.
  private static let powerMin = 17_000.0
  /// A window that has so much less than one of the two before it holds the edge of a tone and no tone: a factor on powers, 10 dB.
  private static let edge = 10.0
  /// Windows without its tones after which a key is released: a gap of 10 ms is none (Q.24).
  private static let releaseWindows = 2
  /// 2 cos(2πf/8000) of 697, 770, 852 and 941 Hz, and of 1209, 1336, 1477 and 1633 Hz.
  private static let turns = [
    1.7077378093489017, 1.6452810360417196, 1.56868698386682, 1.4782045682401759,
    1.1641040230273316, 0.9963702106789817, 0.7986183892266362, 0.568532706775202,
  ]
  /// Of twice the columns' frequencies.
  private static let harmonics = [-0.6448618235715817, -1.0072464032715216, -1.3622086683890529, -1.6767705613268622]
  private static let keys = Array("123A456B789C*0#D").map { Key($0) }

  private var window = ToneWindow(count: 200, hop: 80, edge: 0.08, turn: 1.9990031782523476)
  private var powers = [Double](repeating: 0, count: 8)
  /// Place in `keys` of what the last window held.
  private var last: Int?
  /// Of the key that is held down, and windows without it.
  private var held: Int?
  private var released = 0
  /// Energies of the two windows before.
  private var before = (0.0, 0.0)

  package init() {}

  /// Whether the last window held the tones of a key: what is heard then is nobody's voice.
  package var hearsTones: Bool { last != nil }

  /// What comes next does not follow what came last: a key that sounds then was pressed anew.
  package mutating func reset() {
    window.reset()
    (last, held, released, before) = (nil, nil, 0, (0, 0))
  }

  /// Takes in what the line carries next.
  /// - Parameters:
  ///   - samples: 16 kHz mono, any number.
  ///   - pressed: takes each key, 15 to 40 ms after it began to sound; once, however long that is.
  /// - Returns: whether the tones of a key were in it.
  package mutating func hear(_ samples: UnsafeBufferPointer<Int16>, _ pressed: (Key) -> Void) -> Bool {
    var hasTones = last != nil
    for sample in samples where window.add(sample) {
      let found = place()
      if let key = follow(found) { pressed(key) }
      last = found
      if found != nil { hasTones = true }
    }
    return hasTones
  }

  private mutating func follow(_ found: Int?) -> Key? {
    if let found, found == last, found != held {
      (held, released) = (found, 0)
      return Self.keys[found]
    }
    guard held != nil else { return nil }
    released = found == held ? 0 : released + 1
    if released >= Self.releaseWindows { held = nil }
    return nil
  }

  /// Place in `keys` of what the window holds.
  private mutating func place() -> Int? {
    let energy = window.energy
    let peak = max(before.0, before.1)
    before = (energy, before.0)
    guard window.power >= Self.powerMin, energy * Self.edge >= peak else { return nil }
    for index in powers.indices { powers[index] = window.power(turn: Self.turns[index]) }
    guard let row = loudest(in: 0..<4), let column = loudest(in: 4..<8) else { return nil }
    let (low, high) = (powers[row], powers[column])
    // Of a sine, the window has this energy for each unit of its power at its frequency.
    let share = 2 * window.weightPower / (window.weightSum * window.weightSum)
    guard (low + high) * share >= Self.shareMin * energy, low <= high * Self.twistMax.row,
      high <= low * Self.twistMax.column,
      window.power(turn: Self.harmonics[column - 4]) <= high * Self.harmonicMax
    else { return nil }
    return row * 4 + column - 4
  }

  /// The tone of a group that stands out from the others; `nil`: none does.
  private func loudest(in group: Range<Int>) -> Int? {
    var best = group.lowerBound
    for index in group where powers[index] > powers[best] { best = index }
    for index in group where index != best && powers[index] * Self.runnerUp > powers[best] { return nil }
    return best
  }
}
