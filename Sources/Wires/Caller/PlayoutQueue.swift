public import CallCore

/// What a platform has yet to play of a bot's audio, with the marks that were set in it. It is played at the pace of sound, 20 ms at a time, on an
/// absolute clock that is handed in; nothing is allocated while it does not grow.
public struct PlayoutQueue: ~Copyable {
  /// More waits with no provider (Twilio's error 31931). What comes on top is dropped.
  public static let durationMax = CallDuration.seconds(600)
  /// One mark for each 20 ms of that. What comes on top is dropped.
  public static let marksMax = 30_000

  private struct Mark {
    var position: Int
    var name: String
  }

  private let frame: UnsafeMutableRawBufferPointer
  private let silence: UInt8
  private let bytesMax: Int
  /// A ring; it grows up to `bytesMax`.
  private var ring: UnsafeMutableRawBufferPointer
  private var head = 0
  private var count = 0
  /// Bytes that were played or dropped so far.
  private(set) var position = 0
  private var marks: [Mark] = []
  /// Marks before this place have been returned.
  private var firstMark = 0
  private var nextFrame = Timestamp.zero

  /// - Parameter format: of packets that are samples.
  public init(_ format: AudioFormat) {
    let frameBytes = format.packetBytes
    frame = .allocate(byteCount: frameBytes, alignment: 8)
    silence = format.silence
    bytesMax = frameBytes * Int(Self.durationMax.microseconds / 20_000)
    ring = .allocate(byteCount: frameBytes * 50, alignment: 8)
  }

  deinit {
    frame.deallocate()
    ring.deallocate()
  }

  /// Bytes that wait.
  public var queuedBytes: Int { count }
  /// Marks that wait.
  public var queuedMarks: Int { marks.count - firstMark }

  /// Puts audio of any length behind what waits.
  /// - Returns: false when there is no room; all of it is dropped then.
  public mutating func append(_ audio: UnsafeRawBufferPointer) -> Bool {
    guard count + audio.count <= bytesMax else { return false }
    if count + audio.count > ring.count { grow(to: count + audio.count) }
    let start = (head + count) % ring.count
    let first = min(audio.count, ring.count - start)
    UnsafeMutableRawBufferPointer(rebasing: ring[start..<start + first]).copyBytes(from: audio[..<first])
    UnsafeMutableRawBufferPointer(rebasing: ring[..<(audio.count - first)]).copyBytes(from: audio[first...])
    count += audio.count
    return true
  }

  /// Sets a mark behind what waits. It is returned when that has been played: with the next frame, when nothing waits.
  /// - Returns: false when there is no room; it is dropped then.
  public mutating func append(mark name: String) -> Bool {
    guard queuedMarks < Self.marksMax else { return false }
    marks.append(Mark(position: position + count, name: name))
    return true
  }

  /// Plays each frame that begins by `now`.
  /// - Parameters:
  ///   - now: on the clock of the call, whose frames begin at 0, 20, 40 ms and so on.
  ///   - reached: takes each mark as soon as all audio before it has been played, and when the frame begins that is played next.
  ///   - play: takes 20 ms, filled up with silence, and when they begin; `nil` when nothing waits.
  public mutating func play(
    until now: Timestamp, reached: (String, Timestamp) -> Void, play: (UnsafeRawBufferPointer?, Timestamp) -> Void
  ) {
    while nextFrame <= now {
      returnMarks(reached)
      let length = min(count, frame.count)
      if length > 0 { consume(length) }
      play(length > 0 ? UnsafeRawBufferPointer(frame) : nil, nextFrame)
      nextFrame = nextFrame + .milliseconds(20)
    }
  }

  /// Drops what waits.
  /// - Returns: the marks in it, in order.
  public mutating func clear() -> [String] {
    let dropped = marks[firstMark...].map(\.name)
    marks.removeAll(keepingCapacity: true)
    firstMark = 0
    position += count
    (head, count) = (0, 0)
    return dropped
  }

  private mutating func returnMarks(_ reached: (String, Timestamp) -> Void) {
    while firstMark < marks.count, marks[firstMark].position <= position {
      reached(marks[firstMark].name, nextFrame)
      firstMark += 1
    }
    guard firstMark > 0, firstMark == marks.count || firstMark > Self.marksMax else { return }
    marks.removeFirst(firstMark)
    firstMark = 0
  }

  private mutating func consume(_ length: Int) {
    let first = min(length, ring.count - head)
    frame.copyBytes(from: ring[head..<head + first])
    UnsafeMutableRawBufferPointer(rebasing: frame[first...]).copyBytes(from: ring[..<(length - first)])
    for index in length..<frame.count { frame[index] = silence }
    head = (head + length) % ring.count
    count -= length
    position += length
  }

  private mutating func grow(to bytes: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(max(bytes, ring.count * 2), bytesMax), alignment: 8)
    let first = min(count, ring.count - head)
    larger.copyBytes(from: ring[head..<head + first])
    UnsafeMutableRawBufferPointer(rebasing: larger[first...]).copyBytes(from: ring[..<(count - first)])
    ring.deallocate()
    ring = larger
    head = 0
  }
}
