import CallCore
import JSON

/// The agent's audio as `tts_chunk`: packets are collected, and each message holds a whole WAV file, as clients decode it by itself. In
/// buffers that are there already: a packet allocates nothing.
final class SpeechChunks {
  /// Packets of a chunk: a file has 44 bytes of header, and clients need some 10 ms to decode one.
  static let packetsMax = 5
  /// Packets that wait for the agent's words to be told: those that are sent in one go, and one.
  static let heldPacketsMax = 10
  private static let headerBytes = 44
  /// Room for what stands around the audio; a client's id has at most `LegacyApplicationSide.idCharactersMax` characters, each of which may be escaped.
  private static let headBytesMax = 1024, tailBytesMax = 64

  private let packetBytes: Int
  private let file: UnsafeMutableRawBufferPointer
  private let message: UnsafeMutableRawBufferPointer
  private var headBytes = 0
  private var fill = 0
  private var endsSentence = false
  private var isLast = false
  private(set) var utterance: UtteranceID?
  private var sequence = 0

  init() {
    packetBytes = LegacySession.format.packetBytes
    let room = Self.headerBytes + packetBytes * Self.heldPacketsMax
    file = .allocate(byteCount: room, alignment: 8)
    message = .allocate(
      byteCount: Self.headBytesMax + Base64.textBytes(of: room) + Self.tailBytesMax, alignment: 8)
  }

  deinit {
    file.deallocate()
    message.deallocate()
  }

  /// Packets that wait.
  var count: Int { fill / packetBytes }
  /// Whether they make a message: there are enough of them, or a sentence ends with them.
  var isDue: Bool { count >= Self.packetsMax || endsSentence && count > 0 }

  /// What follows belongs to this utterance; what is left of another one is dropped.
  func begin(_ utterance: UtteranceID) {
    (self.utterance, fill, sequence, endsSentence, isLast) = (utterance, 0, 0, false, false)
    headBytes = 0
  }

  /// Whether the id that its messages carry is known.
  var isPrepared: Bool { headBytes > 0 }

  /// The client's id that the messages of the utterance carry.
  func prepare(eventID: String) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", "tts_chunk")
      writer.field("eventId", eventID)
      writer.field("chunk", "")
    }
    let head = writer.bytes.dropLast(2)
    precondition(head.count <= Self.headBytesMax, "a client's id is bounded")
    headBytes = head.count
    message.copyBytes(from: head)
  }

  /// Keeps a packet.
  /// - Returns: false when there is no room.
  func append(_ packet: AgentPacket) -> Bool {
    let place = Self.headerBytes + fill
    guard packet.bytes.count == packetBytes, place + packetBytes <= file.count else { return false }
    UnsafeMutableRawBufferPointer(rebasing: file[place...]).copyMemory(from: packet.bytes)
    fill += packetBytes
    (endsSentence, isLast) = (packet.end != .nothing, packet.end == .utterance)
    return true
  }

  /// Takes the last packet out again: its message could not be sent.
  func removeLast() { (fill, endsSentence, isLast) = (max(fill - packetBytes, 0), false, false) }

  /// - Returns: the message of all that waits, valid until the next one.
  func makeMessage() -> UnsafeRawBufferPointer {
    writeHeader()
    var place = headBytes
    place += Base64.encode(
      UnsafeRawBufferPointer(rebasing: file[..<(Self.headerBytes + fill)]),
      into: UnsafeMutableRawBufferPointer(rebasing: message[place...]))
    place = write(#"","sequence":"#, at: place)
    place = write(sequence, at: place)
    place = isLast ? write(#","done":true}"#, at: place) : write(#","done":false}"#, at: place)
    return UnsafeRawBufferPointer(rebasing: message[..<place])
  }

  /// The message was sent.
  func removeAll() {
    (fill, endsSentence) = (0, false)
    sequence += 1
  }

  /// The header of a WAV file (RIFF, one channel of 16-bit samples) before the packets.
  private func writeHeader() {
    let rate = UInt32(LegacySession.format.sampleRate)
    func put(_ text: StaticString, _ place: Int) {
      text.withUTF8Buffer { UnsafeMutableRawBufferPointer(rebasing: file[place...]).copyBytes(from: $0) }
    }
    func put(_ number: UInt32, _ place: Int) {
      file.storeBytes(of: number.littleEndian, toByteOffset: place, as: UInt32.self)
    }
    put("RIFF", 0)
    put(UInt32(36 + fill), 4)
    put("WAVEfmt ", 8)
    put(16, 16)
    put(1 | 1 << 16, 20)  // PCM, one channel
    put(rate, 24)
    put(rate * 2, 28)
    put(2 | 16 << 16, 32)  // bytes of a frame, bits of a sample
    put("data", 36)
    put(UInt32(fill), 40)
  }

  private func write(_ text: StaticString, at place: Int) -> Int {
    text.withUTF8Buffer { UnsafeMutableRawBufferPointer(rebasing: message[place...]).copyBytes(from: $0) }
    return place + text.utf8CodeUnitCount
  }

  private func write(_ number: Int, at place: Int) -> Int {
    var (digits, rest) = (1, number / 10)
    while rest > 0 { (digits, rest) = (digits + 1, rest / 10) }
    rest = number
    for offset in (0..<digits).reversed() {
      message[place + offset] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    return place + digits
  }
}
