import CallCore

/// Audio of a provider's caller on its way in: Base64 to packets of 20 ms, numbered over gaps.
final class IncomingAudio {
  private var assembler: FrameAssembler
  private let payload = UnsafeMutableRawBufferPointer.allocate(
    byteCount: Base64.payloadBytesMax(of: TelephonyApplicationSide.messageBytesMax), alignment: 8)
  private var sequence: UInt32 = 0
  private var nextChunk: UInt64?
  /// The number behind one that was far from all others: when it comes next, the provider did begin anew.
  private var chunkAfterJump: UInt64?
  private var countsGaps = true

  /// More messages in a row are not lost: the number is damaged, or the provider began anew (RFC 3550 A.1, `MAX_DROPOUT`).
  private static let gapMax: UInt64 = 3000
  /// A message that is further behind is of a provider that began anew (RFC 3550 A.1, `MAX_MISORDER`).
  private static let latenessMax: UInt64 = 100

  init(_ format: AudioFormat) { assembler = FrameAssembler(packetBytes: format.packetBytes) }

  deinit { payload.deallocate() }

  /// - Parameters:
  ///   - chunk: the provider's number of the message, where it has one.
  ///   - milliseconds: the provider's clock, where it has one.
  /// - Returns: false when `text` is not Base64.
  func receive(
    text: UnsafeRawBufferPointer, chunk: UInt64?, milliseconds: UInt64?, _ handle: (WireEvent) -> Void
  ) -> Bool {
    guard let count = Base64.decode(text, into: payload) else { return false }
    guard let gap = gap(before: chunk) else { return true }
    if countsGaps, count == assembler.packetBytes { sequence &+= UInt32(gap) }
    receive(UnsafeRawBufferPointer(rebasing: payload[..<count]), milliseconds: milliseconds, handle)
    return true
  }

  /// Takes in audio as it is.
  func receive(_ audio: UnsafeRawBufferPointer, milliseconds: UInt64? = nil, _ handle: (WireEvent) -> Void) {
    var stamp = milliseconds.map { $0 &* 1000 }
    assembler.append(audio) { packet in
      handle(.audio(packet, sequence: sequence, stamp: stamp))
      sequence &+= 1
      stamp = stamp.map { $0 &+ 20_000 }
    }
  }

  /// The numbers are those of both sides' audio: what is missing tells nothing.
  func ignoreGaps() { countsGaps = false }

  /// Takes in a message's number.
  /// - Returns: how many are missing before it; `nil` for one that is too late, repeated, or far from all others.
  private func gap(before chunk: UInt64?) -> UInt64? {
    guard let chunk else { return 0 }
    guard let next = nextChunk, chunk != chunkAfterJump else {
      (nextChunk, chunkAfterJump) = (chunk &+ 1, nil)
      return 0
    }
    if chunk >= next, chunk - next <= Self.gapMax {
      (nextChunk, chunkAfterJump) = (chunk &+ 1, nil)
      return chunk - next
    }
    if chunk > next || next - chunk > Self.latenessMax { chunkAfterJump = chunk &+ 1 }
    return nil
  }
}
