import CallCore

/// A caller's audio on its way to a Realtime server: packets of 20 ms as `input_audio_buffer.append`, in a buffer that is there already. The
/// protocol numbers nothing: what the network lost is silence, so that the server's clock, which is the count of samples, keeps pace.
final class CallerAppends {
  private static let head = Array(#"{"type":"input_audio_buffer.append","audio":""#.utf8)
  private static let tail = Array(#""}"#.utf8)
  /// Longest gap that is filled: 5 s. A network that loses more has lost the call.
  private static let gapMax = 250

  private let message: UnsafeMutableRawBufferPointer
  private let silence: UnsafeMutableRawBufferPointer
  private var next: UInt32 = 0

  init(_ format: AudioFormat) {
    message = .allocate(
      byteCount: Self.head.count + Base64.textBytes(of: format.packetBytes) + Self.tail.count, alignment: 8)
    message.copyBytes(from: Self.head)
    silence = .allocate(byteCount: format.packetBytes, alignment: 8)
    silence.initializeMemory(as: UInt8.self, repeating: format.codec == .mulaw ? 0xFF : 0)
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
    let start = Self.head.count
    let text = Base64.encode(audio, into: UnsafeMutableRawBufferPointer(rebasing: message[start...]))
    UnsafeMutableRawBufferPointer(rebasing: message[(start + text)...]).copyBytes(from: Self.tail)
    let whole = UnsafeRawBufferPointer(rebasing: message[..<(start + text + Self.tail.count)])
    return write(WireFrame(isText: true, header: whole, payload: UnsafeRawBufferPointer(start: nil, count: 0)))
  }
}
