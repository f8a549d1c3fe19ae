import CallCore
import CallDriver

/// The caller's side as the server hears it: every packet that was sent, decoded and placed where its 20 ms were spoken.
struct CallerTrack {
  private let decoder: any AudioDecoder
  private var frame = [Int16](repeating: 0, count: 320)
  private(set) var samples: [Int16] = []
  /// A packet is sent when its 20 ms are over, so the first one holds what was before the call.
  private var isBeforeCall = true

  init(decoder: any AudioDecoder) { self.decoder = decoder }

  /// Takes in a packet; they come every 20 ms without gaps.
  mutating func sent(_ packet: UnsafeRawBufferPointer) throws(EngineError) {
    let decoder = decoder
    let count = try frame.withUnsafeMutableBufferPointer { buffer throws(EngineError) in
      try decoder.decode(packet, into: buffer)
    }
    if !isBeforeCall { samples += frame.prefix(count) }
    isBeforeCall = false
  }
}
