import CallCore

/// A caller's audio on its way to a bot: packets as messages of the provider, in buffers that are there already.
final class CallerMedia {
  private let isBinary: Bool
  /// What stands between sequence number, chunk, timestamp and audio.
  private let pieces: [[UInt8]]
  /// The last message: of the next one only the numbers and the audio are written.
  private let message: UnsafeMutableRawBufferPointer
  /// Where the numbers stand in it, and where the audio begins.
  private var places = Places()
  private let startedAtMilliseconds: Int
  private let packetsPerMessage: Int
  private let silence: UInt8
  /// Packets of a message that is not full yet.
  private let gathered: UnsafeMutableRawBufferPointer
  private var gatheredChunk = 0

  private static let digitsMax = 20

  private struct Places {
    var sequence = 0..<0
    var chunk = 0..<0
    var timestamp = 0..<0
    var audio = 0
  }

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
    let milliseconds = startedAtMilliseconds + chunk * packetsPerMessage * 20
    let fits =
      put(sequence, at: places.sequence) && put(chunk + 1, at: places.chunk) && put(milliseconds, at: places.timestamp)
    if !fits { layOut(sequence, chunk + 1, milliseconds) }
    var end = places.audio
    end += Base64.encode(audio, into: UnsafeMutableRawBufferPointer(rebasing: message[end...]))
    end += append(pieces[4], at: end)
    return write(.text(UnsafeRawBufferPointer(rebasing: message[..<end])))
  }

  /// Writes all that stands before the audio: a number has other digits than room.
  private func layOut(_ sequence: Int, _ chunk: Int, _ milliseconds: Int) {
    var end = append(pieces[0], at: 0)
    func place(_ number: Int, before piece: [UInt8]) -> Range<Int> {
      let digits = end..<end + Self.digits(of: number)
      _ = put(number, at: digits)
      end = digits.upperBound + append(piece, at: digits.upperBound)
      return digits
    }
    places.sequence = place(sequence, before: pieces[1])
    places.chunk = place(chunk, before: pieces[2])
    places.timestamp = place(milliseconds, before: pieces[3])
    places.audio = end
  }

  /// - Returns: bytes written.
  private func append(_ piece: [UInt8], at place: Int) -> Int {
    piece.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: message[place...]).copyMemory(from: $0) }
    return piece.count
  }

  /// - Returns: false when the number has more or fewer digits; what stands there is of no use then.
  private func put(_ number: Int, at places: Range<Int>) -> Bool {
    guard !places.isEmpty else { return false }
    var rest = UInt(number)
    for place in places.reversed() {
      message[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    return rest == 0 && (message[places.lowerBound] != UInt8(ascii: "0") || places.count == 1)
  }

  private static func digits(of number: Int) -> Int {
    var (digits, rest) = (1, number)
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    return digits
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
