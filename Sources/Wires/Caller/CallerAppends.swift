import CallCore

/// A caller's audio on its way to a server whose protocol numbers nothing: packets of 20 ms as Base64 in messages of one form, in a buffer that is
/// there already. What the network lost is silence, so that the server's clock, which is the count of samples, keeps pace.
final class CallerAppends {
  /// Longest gap that is filled: 5 s. A network that loses more has lost the call.
  private static let gapMax = 250

  private let head: [UInt8]
  private let tail: [UInt8]
  private let message: UnsafeMutableRawBufferPointer
  private let silence: UnsafeMutableRawBufferPointer
  private var next: UInt32 = 0

  /// - Parameters:
  ///   - head: what stands before the audio in each message.
  ///   - tail: what stands behind it.
  init(_ format: AudioFormat, head: String, tail: String) {
    (self.head, self.tail) = (Array(head.utf8), Array(tail.utf8))
    message = .allocate(
      byteCount: self.head.count + Base64.textBytes(of: format.packetBytes) + self.tail.count, alignment: 8)
    message.copyBytes(from: self.head)
    silence = .allocate(byteCount: format.packetBytes, alignment: 8)
    silence.initializeMemory(as: UInt8.self, repeating: format.silence)
  }

  deinit {
    message.deallocate()
    silence.deallocate()
  }

  /// Sends a packet, with silence before it where others are missing. One that comes behind a later one is lost.
  /// - Returns: false when the server did not take all of it.
  func send(_ packet: UnsafeRawBufferPointer, number: UInt32, _ write: (WireFrame) -> Bool) -> Bool {
    guard number >= next else { return true }
    var isSent = true
    for _ in 0..<min(Int(number - next), Self.gapMax) {
      isSent = append(UnsafeRawBufferPointer(silence), write) && isSent
    }
    next = number &+ 1
    return append(UnsafeRawBufferPointer(rebasing: packet.prefix(silence.count)), write) && isSent
  }

  private func append(_ audio: UnsafeRawBufferPointer, _ write: (WireFrame) -> Bool) -> Bool {
    let start = head.count
    let text = Base64.encode(audio, into: UnsafeMutableRawBufferPointer(rebasing: message[start...]))
    tail.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: message[(start + text)...]).copyMemory(from: $0) }
    return write(.text(UnsafeRawBufferPointer(rebasing: message[..<(start + text + tail.count)])))
  }
}
