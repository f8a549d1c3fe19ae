import CallCore

/// A caller's audio on its way to a bot: packets as messages of the provider, in buffers that are there already.
final class CallerMedia {
  private let isBinary: Bool
  /// What stands between sequence number, chunk, timestamp and audio.
  private let pieces: [[UInt8]]
  private let message: UnsafeMutableRawBufferPointer
  private var fill = 0
  private let startedAtMilliseconds: Int
  private let packetsPerMessage: Int
  private let silence: UInt8
  /// Packets of a message that is not full yet.
  private let gathered: UnsafeMutableRawBufferPointer
  private var gatheredChunk = 0

  private static let digitsMax = 20

  /// - Parameter startedAtMilliseconds: of the clock that the messages tell.
  init(_ dialect: TelephonyDialect, streamID: String, _ format: AudioFormat, startedAtMilliseconds: Int) {
    isBinary = dialect.isBinary
    packetsPerMessage = dialect.packetsPerCallerMessage
    self.startedAtMilliseconds = startedAtMilliseconds
    silence = format.silence
    pieces = Self.pieces(dialect, streamID)
    let bytes = pieces.reduce(0) { $0 + $1.count }
    let audioBytes = format.packetBytes * packetsPerMessage
    message = .allocate(byteCount: bytes + 3 * Self.digitsMax + Base64.textBytes(of: audioBytes), alignment: 8)
    gathered = .allocate(byteCount: audioBytes, alignment: 8)
    gathered.initializeMemory(as: UInt8.self, repeating: silence)
  }

  deinit {
    message.deallocate()
    gathered.deallocate()
  }

  /// Sends a packet, alone or with the last one of its message. Within a message, what the network lost is silent, and what it held back
  /// beyond the message is lost; between messages it leaves a gap.
  /// - Parameters:
  ///   - number: of the packet, from 0.
  ///   - sequence: of the messages of the stream; counts those that are written here.
  /// - Returns: false when a message was due and the bot did not take it.
  func send(
    _ packet: UnsafeRawBufferPointer, number: Int, sequence: inout Int, _ write: (WireFrame) -> Bool
  ) -> Bool {
    guard packetsPerMessage > 1 else { return send(packet, chunk: number, sequence: &sequence, write) }
    let (chunk, place) = (number / packetsPerMessage, number % packetsPerMessage)
    guard chunk >= gatheredChunk else { return true }
    let isSent = chunk == gatheredChunk || sendGathered(before: chunk, &sequence, write)
    let bytes = gathered.count / packetsPerMessage
    UnsafeMutableRawBufferPointer(rebasing: gathered[(place * bytes)...]).copyBytes(from: packet.prefix(bytes))
    guard place == packetsPerMessage - 1 else { return isSent }
    return sendGathered(before: chunk + 1, &sequence, write) && isSent
  }

  private func sendGathered(before chunk: Int, _ sequence: inout Int, _ write: (WireFrame) -> Bool) -> Bool {
    defer {
      gatheredChunk = chunk
      gathered.initializeMemory(as: UInt8.self, repeating: silence)
    }
    return send(UnsafeRawBufferPointer(gathered), chunk: gatheredChunk, sequence: &sequence, write)
  }

  private func send(
    _ audio: UnsafeRawBufferPointer, chunk: Int, sequence: inout Int, _ write: (WireFrame) -> Bool
  ) -> Bool {
    sequence += 1
    guard !isBinary else { return write(.binary(audio)) }
    fill = 0
    append(pieces[0])
    append(sequence)
    append(pieces[1])
    append(chunk + 1)
    append(pieces[2])
    append(startedAtMilliseconds + chunk * packetsPerMessage * 20)
    append(pieces[3])
    fill += Base64.encode(audio, into: UnsafeMutableRawBufferPointer(rebasing: message[fill...]))
    append(pieces[4])
    return write(.text(UnsafeRawBufferPointer(rebasing: message[..<fill])))
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
