import CallCore

/// The caller's audio around the present turn: always the last second, and from the start of a turn all of it up to a bound. Only
/// callers who speak hold memory for a turn, as much as they said.
final class TurnAudio {
  /// Audio kept while nobody speaks: the pre-roll, the speech that opens a turn, and room to spare.
  static let idleSamples = FrameFormat.sampleRate

  /// Silence that is left before a turn, in samples: 250 ms. The pre-roll has it however late the detector finds the start.
  static let lead = 4000
  /// Silence that is left behind a turn, in samples: 120 ms. There is more of it before words are first asked for.
  static let tail = 1920

  private let samplesMax: Int
  private let idle: UnsafeMutableBufferPointer<Int16>
  private var idleEnd = 0
  private var idleCount = 0
  /// Call time of the sample behind the last one, in samples.
  private var position = 0
  /// Room for the longest turn while one is open, else empty.
  private var space = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var turnCount = 0
  /// Call time, in samples, up to which words were asked of sound: it belongs to its turn and to no other.
  private var usedUntil = 0
  /// What was given out last of the open turn, and which part of it that is: words and completeness are asked for in the same pause.
  private var given = (range: 0..<0, samples: [Int16]())
  private(set) var isOpen = false
  /// Samples of turns that were beyond the bound.
  private(set) var droppedSamples = 0

  /// - Parameter turnMax: longest turn kept.
  init(turnMax: CallDuration) {
    samplesMax = FrameFormat.samples(inMicroseconds: turnMax.microseconds)
    idle = .allocate(capacity: Self.idleSamples)
    idle.initialize(repeating: 0)
  }

  deinit {
    idle.deallocate()
    ReservedSpace.release(space)
  }

  /// A copy of the turn's samples so far, the same one as long as nothing is added that counts, with no more silence around them than `lead` and `tail`, so that the same words are recognised
  /// alike whenever they are said. Turns begin and end on the detector's windows of 32 ms, and what Moonshine makes of a word depends on where
  /// in its frames of 24 ms that begins: of 96 short texts begun at 12 places each, it took 42 of 1,152 for others (`Goodbye.` became
  /// `Didn't buy.`). What lies in noise has no silence and stays as it is.
  var samples: [Int16] {
    let range = usedRange
    if range != given.range { given = (range, Array(UnsafeBufferPointer(rebasing: turn[range]))) }
    return given.samples
  }

  private var usedRange: Range<Int> {
    let whole = UnsafeBufferPointer(rebasing: turn[..<turnCount])
    // Pieces of frames: the last one ends where a frame does.
    let pieces = stride(from: turnCount % EnergyGate.pieceSamples, to: turnCount, by: EnergyGate.pieceSamples)
    func isLoud(_ piece: Int) -> Bool {
      let samples = UnsafeBufferPointer(rebasing: whole[piece..<(piece + EnergyGate.pieceSamples)])
      return EnergyGate.energy(of: samples) > EnergyGate.silenceMax
    }
    guard let first = pieces.first(where: isLoud), let last = pieces.reversed().first(where: isLoud) else {
      return 0..<turnCount
    }
    return max(first - Self.lead, 0)..<min(last + EnergyGate.pieceSamples + Self.tail, turnCount)
  }

  /// Adds a frame that begins at call sample `start`. Where nothing came before it, the last second holds silence.
  func append(_ frame: UnsafeBufferPointer<Int16>, at start: Int) {
    if start - position >= FrameFormat.samples { addSilence(min(start - position, idle.count)) }
    position = start + frame.count
    if isOpen {
      if turnCount + frame.count <= turn.count { appendToTurn(frame) } else { droppedSamples += frame.count }
    }
    let first = min(frame.count, idle.count - idleEnd)
    copy(frame[..<first], to: idleEnd)
    copy(frame[first...], to: 0)
    idleEnd = (idleEnd + frame.count) % idle.count
    idleCount = min(idleCount + frame.count, idle.count)
  }

  /// The words of everything up to call sample `end` were asked for.
  func markUsed(until end: Int) { usedUntil = max(usedUntil, end) }

  /// Begins a turn with what was heard since call sample `start`, as far as it is still there and was no other turn's.
  func open(from start: Int) {
    if space.isEmpty { space = ReservedSpace.reserve(samplesMax * MemoryLayout<Int16>.stride) }
    isOpen = true
    turnCount = 0
    given = (0..<0, [])
    let count = min(max(position - max(start, usedUntil), 0), idleCount, turn.count)
    let begin = (idleEnd - count + idle.count) % idle.count
    let first = min(count, idle.count - begin)
    appendToTurn(UnsafeBufferPointer(rebasing: idle[begin..<(begin + first)]))
    appendToTurn(UnsafeBufferPointer(rebasing: idle[..<(count - first)]))
  }

  /// Ends the turn and gives its memory back.
  func close() {
    isOpen = false
    turnCount = 0
    given = (0..<0, [])
    ReservedSpace.release(space)
    space = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  private var turn: UnsafeMutableBufferPointer<Int16> { space.assumingMemoryBound(to: Int16.self) }

  private func appendToTurn(_ samples: UnsafeBufferPointer<Int16>) {
    guard let from = samples.baseAddress, let start = turn.baseAddress, !samples.isEmpty else { return }
    (start + turnCount).update(from: from, count: samples.count)
    turnCount += samples.count
  }

  /// Puts silence into the last second, at most all of it.
  private func addSilence(_ samples: Int) {
    for offset in 0..<samples { idle[(idleEnd + offset) % idle.count] = 0 }
    idleEnd = (idleEnd + samples) % idle.count
    idleCount = min(idleCount + samples, idle.count)
  }

  /// Copies a piece of a frame into the last second.
  private func copy(_ samples: Slice<UnsafeBufferPointer<Int16>>, to offset: Int) {
    guard let from = UnsafeBufferPointer(rebasing: samples).baseAddress, let start = idle.baseAddress else { return }
    (start + offset).update(from: from, count: samples.count)
  }
}
