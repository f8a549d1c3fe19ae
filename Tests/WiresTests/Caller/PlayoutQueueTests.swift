import CallCore
import TestSupport
import Testing
import Wires

@Suite("Play-out queue")
struct PlayoutQueueTests {
  /// What came out of a queue: samples by frame, and what was reached before which frame.
  private struct Played {
    var audio: [UInt8] = []
    var frames: [Bool] = []
    var marks: [(name: String, frame: Int)] = []
  }

  private static let mulaw = AudioFormat(codec: .mulaw, sampleRate: 8000)

  private static func append(_ bytes: [UInt8], to queue: inout PlayoutQueue) -> Bool {
    bytes.withUnsafeBytes { queue.append($0) }
  }

  private static func mark(_ name: String, _ queue: inout PlayoutQueue) -> Bool { queue.append(mark: name) }

  private static func play(_ queue: inout PlayoutQueue, until milliseconds: Int, into played: inout Played) {
    var news = played
    queue.play(until: .zero + .milliseconds(milliseconds)) { name, start in
      #expect(start.milliseconds == news.frames.count * 20)
      news.marks.append((name, news.frames.count))
    } play: { frame, start in
      #expect(start.milliseconds == news.frames.count * 20)
      news.frames.append(frame != nil)
      if let frame { news.audio += Array(frame) }
    }
    played = news
  }

  @Test(
    "audio of any length and phase is played in order, a frame every 20 ms, and the marks come where they stand",
    arguments: 0..<40)
  func randomPieces(seed: Int) {
    var luck = SeededGenerator(seed: UInt64(seed))
    var queue = PlayoutQueue(Self.mulaw)
    var played = Played()
    var sent: [UInt8] = []
    var places: [(name: String, bytes: Int)] = []
    var now = 0
    // All is sent before the first frame, so that nothing ever runs dry in the middle.
    for number in 0..<Int.random(in: 1...60, using: &luck) {
      let piece = (0..<Int.random(in: 0...3000, using: &luck)).map { _ in UInt8.random(in: 0...254, using: &luck) }
      #expect(Self.append(piece, to: &queue))
      sent += piece
      if Bool.random(using: &luck) {
        #expect(Self.mark("\(number)", &queue))
        places.append(("\(number)", sent.count))
      }
    }
    while queue.queuedBytes > 0 || queue.queuedMarks > 0 {
      Self.play(&queue, until: now, into: &played)
      now += Int.random(in: 1...70, using: &luck)
    }
    #expect(Array(played.audio.prefix(sent.count)) == sent)
    #expect(played.audio.dropFirst(sent.count).allSatisfy { $0 == 0xFF }, "the rest of the last frame is silence")
    #expect(played.audio.count - sent.count < 160)
    #expect(played.marks.map(\.name) == places.map(\.name))
    for (mark, place) in zip(played.marks, places) {
      #expect(mark.frame == (place.bytes + 159) / 160, "a mark comes when the frame that ends its audio is over")
    }
  }

  @Test("pieces that come while others are played wrap around the buffer and lose nothing", arguments: 0..<20)
  func wrapAround(seed: Int) {
    var luck = SeededGenerator(seed: UInt64(seed))
    var queue = PlayoutQueue(AudioFormat(codec: .pcm16, sampleRate: 8000))
    var played = Played()
    var sent: [UInt8] = []
    for frame in 0..<500 {
      if queue.queuedBytes < 8000 {
        let piece = (0..<Int.random(in: 1...2000, using: &luck)).map { _ in UInt8.random(in: 1...254, using: &luck) }
        #expect(Self.append(piece, to: &queue))
        sent += piece
      }
      Self.play(&queue, until: frame * 20, into: &played)
    }
    let whole = played.audio.filter { $0 != 0 }
    #expect(whole == Array(sent.prefix(whole.count)))
    let left = queue.queuedBytes
    #expect(sent.count - whole.count == left)
  }

  @Test("a mark with nothing before it comes with the next frame, and frames without audio say so")
  func empty() {
    var queue = PlayoutQueue(Self.mulaw)
    var played = Played()
    Self.play(&queue, until: 100, into: &played)
    #expect(played.frames == [Bool](repeating: false, count: 6))
    #expect(Self.mark("now", &queue))
    Self.play(&queue, until: 119, into: &played)
    #expect(played.marks.isEmpty)
    Self.play(&queue, until: 120, into: &played)
    let left = queue.queuedMarks
    #expect(played.marks.map(\.name) == ["now"] && left == 0)
  }

  @Test(
    "clear drops the audio, gives the marks in it back in order, and what comes later is played as if nothing had been")
  func clear() {
    var queue = PlayoutQueue(Self.mulaw)
    var played = Played()
    #expect(Self.append([UInt8](repeating: 1, count: 400), to: &queue))
    #expect(Self.mark("a", &queue))
    #expect(Self.append([UInt8](repeating: 2, count: 400), to: &queue))
    #expect(Self.mark("b", &queue))
    Self.play(&queue, until: 0, into: &played)
    let dropped = [queue.clear(), queue.clear()]
    #expect(dropped == [["a", "b"], []])
    let left = [queue.queuedBytes, queue.queuedMarks]
    #expect(left == [0, 0])
    #expect(Self.append([UInt8](repeating: 3, count: 160), to: &queue))
    #expect(Self.mark("c", &queue))
    Self.play(&queue, until: 60, into: &played)
    #expect(played.audio == [UInt8](repeating: 1, count: 160) + [UInt8](repeating: 3, count: 160))
    #expect(played.marks.map(\.name) == ["c"])
  }

  @Test(
    "ten minutes of audio and a mark for each frame of it fit in; one byte or one mark more is dropped, and there is room again later"
  )
  func limits() {
    var queue = PlayoutQueue(Self.mulaw)
    let minute = [UInt8](repeating: 7, count: 8000 * 60)
    for _ in 0..<10 { #expect(Self.append(minute, to: &queue)) }
    #expect(!Self.append([7], to: &queue))
    let waiting = queue.queuedBytes
    #expect(waiting == 8000 * 600)
    for number in 0..<PlayoutQueue.marksMax { #expect(Self.mark("\(number)", &queue)) }
    #expect(!Self.mark("one more", &queue))
    var played = Played()
    Self.play(&queue, until: 0, into: &played)
    #expect(Self.append([7], to: &queue))
    let dropped = queue.clear()
    #expect(dropped.count == PlayoutQueue.marksMax)
    #expect(Self.mark("room", &queue))
  }
}
