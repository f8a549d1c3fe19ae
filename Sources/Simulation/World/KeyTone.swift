package import CallCore
import CallDriver

/// The sound of a telephone's key, for lines that carry nothing but sound: two tones (ITU-T Q.23), 100 ms long, and then the 40 ms of silence by which an
/// exchange tells it from the next one (Q.24).
package enum KeyTone {
  /// A sine at 8000 samples a second: `s[n] = turn · s[n − 1] − s[n − 2]`, from 0 and `first` on.
  private struct Tone {
    /// 2 cos(2πf / 8000).
    let turn: Double
    /// sin(2πf / 8000).
    let first: Double

    func samples(_ count: Int) -> [Double] {
      var (before, now) = (0.0, first)
      return (0..<count).map { _ in
        defer { (before, now) = (now, turn * now - before) }
        return before
      }
    }
  }

  /// Packets with the tones, and with silence behind them; 20 ms each. Together less than the time between two keys (`CallerPolicy.keyGap`).
  static let (tonePackets, pausePackets) = (5, 2)
  private static let packetSamples = 160
  /// Of each of the two tones, on the scale of 16-bit samples: −9 dBm0 for both together.
  private static let amplitude = 5800.0
  /// 697, 770, 852 and 941 Hz.
  private static let rows = [
    Tone(turn: 1.7077378093489017, first: 0.5204881301528917),
    Tone(turn: 1.6452810360417196, first: 0.5685618507342639),
    Tone(turn: 1.56868698386682, first: 0.620326757976556),
    Tone(turn: 1.4782045682401759, first: 0.6735932107796729),
  ]
  /// 1209, 1336 and 1477 Hz.
  private static let columns = [
    Tone(turn: 1.1641040230273316, first: 0.8131515577633086),
    Tone(turn: 0.9963702106789817, first: 0.86707070116449),
    Tone(turn: 0.7986183892266362, first: 0.9168163213519179),
  ]
  private static let keys = "123456789*0#"

  /// Packets of 20 ms of µ-law at 8000 Hz, in order.
  package static func packets(of key: Key) -> [[UInt8]] {
    let place = keys.enumerated().first { $0.element == key.character }?.offset ?? 0
    let count = tonePackets * packetSamples
    let sound = zip(rows[place / columns.count].samples(count), columns[place % columns.count].samples(count)).map {
      G711.mulaw(of: Int16(amplitude * ($0 + $1)))
    }
    let silence = Array(repeating: G711.mulaw(of: 0), count: pausePackets * packetSamples)
    let samples = sound + silence
    return stride(from: 0, to: samples.count, by: packetSamples).map { Array(samples[$0..<$0 + packetSamples]) }
  }
}
