package import CallCore
import CallDriver

/// The sound of a telephone's key in packets, for lines that carry nothing but sound.
package enum KeyTone {
  private static let packetSamples = 160

  /// Packets of 20 ms of µ-law at 8000 Hz, in order: the tones, and the silence behind them (`KeyToneSound`).
  package static func packets(of key: Key) -> [[UInt8]] {
    var sound = KeyToneSound(key, at: .narrow)
    var packets: [[UInt8]] = []
    while !sound.isOver {
      packets.append((0..<packetSamples).map { _ in G711.mulaw(of: sound.next()) })
    }
    return packets
  }
}
