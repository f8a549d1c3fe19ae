package import CallCore
import CallDriver
import Glibc

/// The sound of a telephone's key, for lines that carry nothing but sound: two tones (ITU-T Q.23), 100 ms long, and then the 40 ms of silence by which an
/// exchange tells it from the next one (Q.24).
package enum KeyTone {
  /// Packets with the tones, and with silence behind them; 20 ms each. Together less than the time between two keys (`CallerPolicy.keyGap`).
  static let (tonePackets, pausePackets) = (5, 2)
  private static let sampleRate = 8000
  private static let packetSamples = 160
  /// Of each of the two tones, on the scale of 16-bit samples: −9 dBm0 for both together.
  private static let amplitude = 5800.0
  private static let rows = [697.0, 770, 852, 941]
  private static let columns = [1209.0, 1336, 1477]
  private static let keys = "123456789*0#"

  /// Packets of 20 ms of µ-law at 8000 Hz, in order.
  package static func packets(of key: Key) -> [[UInt8]] {
    let place = keys.enumerated().first { $0.element == key.character }?.offset ?? 0
    let tones = [rows[place / columns.count], columns[place % columns.count]]
    return (0..<tonePackets + pausePackets).map { number in
      (0..<packetSamples).map { sample in
        guard number < tonePackets else { return G711.mulaw(of: 0) }
        let time = 2 * Double.pi * Double(number * packetSamples + sample) / Double(sampleRate)
        return G711.mulaw(of: Int16(tones.reduce(0) { $0 + amplitude * sin(time * $1) }))
      }
    }
  }
}
