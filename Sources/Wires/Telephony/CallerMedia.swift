import CallCore

/// A caller's audio on its way to a bot: packets as messages of the provider, in a buffer that is there already.
final class CallerMedia {
  private let isBinary: Bool
  /// What stands between sequence number, chunk, timestamp and audio.
  private let pieces: [[UInt8]]
  private let message: UnsafeMutableRawBufferPointer
  private var fill = 0

  private static let digitsMax = 20

  init(_ dialect: TelephonyDialect, streamID: String, _ format: AudioFormat) {
    isBinary = dialect.isBinary
    pieces = Self.pieces(dialect, streamID)
    let bytes = pieces.reduce(0) { $0 + $1.count }
    message = .allocate(
      byteCount: bytes + 3 * Self.digitsMax + Base64.textBytes(of: format.packetBytes), alignment: 8)
  }

  deinit { message.deallocate() }

  /// - Parameters:
  ///   - sequence: of all messages.
  ///   - chunk: of those with audio.
  /// - Returns: whether it is on its way.
  func send(
    _ packet: UnsafeRawBufferPointer, sequence: Int, chunk: Int, milliseconds: Int, _ write: (WireFrame) -> Bool
  ) -> Bool {
    let none = UnsafeRawBufferPointer(start: nil, count: 0)
    guard !isBinary else { return write(WireFrame(isText: false, header: none, payload: packet)) }
    fill = 0
    append(pieces[0])
    append(sequence)
    append(pieces[1])
    append(chunk)
    append(pieces[2])
    append(milliseconds)
    append(pieces[3])
    fill += Base64.encode(packet, into: UnsafeMutableRawBufferPointer(rebasing: message[fill...]))
    append(pieces[4])
    let text = UnsafeRawBufferPointer(rebasing: message[..<fill])
    return write(WireFrame(isText: true, header: text, payload: none))
  }

  private func append(_ piece: [UInt8]) {
    UnsafeMutableRawBufferPointer(rebasing: message[fill...]).copyBytes(from: piece)
    fill += piece.count
  }

  private func append(_ number: Int) {
    var digits = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    rest = number
    for place in (0..<digits).reversed() {
      message[fill + place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    fill += digits
  }

  private static func pieces(_ dialect: TelephonyDialect, _ streamID: String) -> [[UInt8]] {
    let mark = dialect.countsAreNumbers ? "" : "\""
    let stream = dialect.streamKey.map { ",\"\($0)\":\"\(streamID)\"" } ?? ""
    return [
      "{\"event\":\"media\",\"\(dialect.sequenceKey)\":\(mark)",
      "\(mark)\(stream),\"media\":{\"track\":\"inbound\",\"chunk\":\(mark)",
      "\(mark),\"timestamp\":\"",
      "\",\"payload\":\"",
      "\"}}",
    ].map { Array($0.utf8) }
  }
}
