import CallCore

/// Audio that a client appended and the call has not heard yet. Clients append whole files at once; the call hears them at the pace of
/// sound. Memory grows with what waits, up to 60 s, and is given back; a frame allocates nothing in the steady state.
final class AppendedAudio {
  /// What became of an append.
  enum Outcome { case kept, notBase64, oddBytes, full }

  /// Most audio that waits.
  static let secondsMax = 60
  /// What memory is taken for at first: a client that keeps pace has less than that waiting.
  private static let secondsAtFirst = 1

  /// Bytes of 20 ms.
  let packetBytes: Int
  private let sampleBytes: Int
  private let silence: UInt8
  private var ring: UnsafeMutableRawBufferPointer
  private let payload = AudioPayload()
  /// Bytes that were taken out, and put in, since the beginning. What is taken out is always whole packets.
  private(set) var taken = 0
  private(set) var appended = 0

  init(_ format: AudioFormat) {
    packetBytes = format.packetBytes
    sampleBytes = format.sampleBytes
    silence = format.silence
    ring = .allocate(byteCount: format.packetBytes * 50 * Self.secondsAtFirst, alignment: 8)
  }

  deinit { ring.deallocate() }

  /// Bytes that wait.
  var count: Int { appended - taken }
  private var countMax: Int { packetBytes * 50 * Self.secondsMax }

  /// Milliseconds of so many bytes.
  func milliseconds(of bytes: Int) -> Int { bytes * 20 / packetBytes }

  /// Appends audio as Base64: all of it or nothing.
  func append(text: UnsafeRawBufferPointer) -> Outcome {
    guard text.count.isMultiple(of: 4) else { return .notBase64 }
    let bytes = Self.payloadBytes(of: text)
    guard bytes.isMultiple(of: sampleBytes) else { return .oddBytes }
    guard count + bytes <= countMax else { return .full }
    reserve(count + bytes)
    let before = appended
    if payload.decode(text, put) { return .kept }
    appended = before
    return .notBase64
  }

  private static func payloadBytes(of text: UnsafeRawBufferPointer) -> Int {
    guard let last = text.last else { return 0 }
    let padding = UInt8(ascii: "=")
    return Base64.payloadBytesMax(of: text.count) - (last != padding ? 0 : text[text.count - 2] == padding ? 2 : 1)
  }

  /// Fills the last packet up with silence, so that it can be taken out.
  func fillPacket() {
    let missing = (packetBytes - appended % packetBytes) % packetBytes
    guard missing > 0 else { return }
    reserve(count + missing)
    for _ in 0..<missing {
      ring[appended % ring.count] = silence
      appended += 1
    }
  }

  /// Forgets what was appended behind `end`, which is where a packet ends.
  func removeAll(behind end: Int) { appended = max(min(appended, end), taken) }

  /// Lends out the oldest packet and forgets it.
  /// - Returns: false when there is no whole one.
  func takePacket(_ packet: (UnsafeRawBufferPointer) -> Void) -> Bool {
    guard count >= packetBytes else { return false }
    let start = taken % ring.count
    taken += packetBytes
    packet(UnsafeRawBufferPointer(rebasing: ring[start..<(start + packetBytes)]))
    if count == 0, ring.count > packetBytes * 50 * Self.secondsAtFirst {
      resize(to: packetBytes * 50 * Self.secondsAtFirst)
    }
    return true
  }

  private func put(_ bytes: UnsafeRawBufferPointer) {
    let start = appended % ring.count
    let first = min(bytes.count, ring.count - start)
    UnsafeMutableRawBufferPointer(rebasing: ring[start...]).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: bytes[..<first]))
    ring.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[first...]))
    appended += bytes.count
  }

  private func reserve(_ needed: Int) {
    guard needed > ring.count else { return }
    var size = ring.count
    while size < needed { size *= 2 }
    resize(to: min(size, countMax))
  }

  /// Moves what waits to a ring of another size, which is whole packets.
  private func resize(to size: Int) {
    let next = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
    let waiting = count
    for offset in stride(from: 0, to: waiting, by: packetBytes) {
      let length = min(packetBytes, waiting - offset)
      let (from, to) = ((taken + offset) % ring.count, (taken + offset) % size)
      UnsafeMutableRawBufferPointer(rebasing: next[to...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: ring[from..<(from + length)]))
    }
    ring.deallocate()
    ring = next
  }
}
