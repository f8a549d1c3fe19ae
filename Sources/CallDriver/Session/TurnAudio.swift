import CallCore

/// The caller's audio around the present turn: always the last second, and from the start of a turn all of it up to a bound.
struct TurnAudio {
  /// Audio kept while nobody speaks: the pre-roll, the speech that opens a turn, and room to spare.
  static let idleSamples = FrameFormat.sampleRate

  private let samplesMax: Int
  private var idle: [Int16]
  private var idleEnd = 0
  private var idleCount = 0
  /// Call time of the sample behind the last one, in samples.
  private var position = 0
  private var turn: [Int16] = []
  private(set) var isOpen = false
  /// Samples of turns that were beyond the bound.
  private(set) var droppedSamples = 0

  /// - Parameter turnMax: longest turn kept.
  init(turnMax: CallDuration) {
    samplesMax = FrameFormat.samples(inMicroseconds: turnMax.microseconds)
    idle = [Int16](repeating: 0, count: Self.idleSamples)
  }

  /// The turn's samples so far.
  var samples: [Int16] { turn }

  /// Adds a frame that begins at call sample `start`.
  mutating func append(_ frame: UnsafeBufferPointer<Int16>, at start: Int) {
    position = start + frame.count
    if isOpen {
      if turn.count + frame.count <= samplesMax {
        turn.append(contentsOf: frame)
      } else {
        droppedSamples += frame.count
      }
    }
    for sample in frame {
      idle[idleEnd] = sample
      idleEnd = idleEnd + 1 == idle.count ? 0 : idleEnd + 1
    }
    idleCount = min(idleCount + frame.count, idle.count)
  }

  /// Begins a turn with what was heard since call sample `start`, as far as it is still there.
  mutating func open(from start: Int, reserve: inout [Int16]) {
    swap(&turn, &reserve)
    turn.removeAll(keepingCapacity: true)
    isOpen = true
    let count = min(max(position - start, 0), idleCount)
    for index in 0..<count {
      turn.append(idle[(idleEnd - count + index + idle.count) % idle.count])
    }
  }

  /// Ends the turn and gives its storage back.
  mutating func close(reserve: inout [Int16]) {
    guard isOpen else { return }
    isOpen = false
    swap(&turn, &reserve)
    turn = []
  }
}
