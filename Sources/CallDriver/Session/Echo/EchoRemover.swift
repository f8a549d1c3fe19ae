import CallCore

/// Takes the agent's own voice out of the caller's audio, where it comes back. Nothing is done while the caller's side is silent or the agent is; where
/// something is heard while the agent speaks, an echo is looked for (`EchoDelayEstimator`), and once one is found it is cancelled.
///
/// A canceller needs one to two seconds of the agent's speech. What it leaves meanwhile is told by its level (`EchoLevel`), and no speech. Confined to the
/// call's loop; allocates nothing per frame, and some 0.1 MB when something is first heard over the agent and when an echo is found.
final class EchoRemover {
  /// Frames that are searched: 3 s at first, then a tenth of the time. A frame's search costs about as much as the frame.
  static let searchMax = 150
  private static let framesPerSearch = 10
  /// Packets that are decoded in one frame where the search lags behind the agent: all of the last 640 ms within four frames.
  private static let packetsPerFrame = 8
  /// Frames without a search after which the next one begins anew.
  private static let searchGap = 25
  /// How much earlier than found the canceller looks: 10 ms, for what comes before the loudest path and for clocks that drift.
  private static let leadSamples = 160
  /// Frames of an echo after which it must have become softer, by a factor of 2 at least: 3 s. Otherwise it comes from elsewhere by now.
  private static let checkFrames = 150

  private enum State {
    /// None was found so far.
    case searching
    /// It comes back so many samples later.
    case cancelling(delay: Int)
    /// The server has no canceller left.
    case refused
  }

  let played = PlayedPackets()
  private let makeDecoder: () -> (any AudioDecoder)?
  private let cancellers: any EchoCancellerFactory
  private var state = State.searching
  private var sound: PlayedSound?
  private var estimator: EchoDelayEstimator?
  private var canceller: (any EchoCanceller)?
  private var level = EchoLevel()
  private let reference = UnsafeMutableBufferPointer<Int16>.allocate(capacity: FrameFormat.samples)
  private let slow = UnsafeMutableBufferPointer<Int16>.allocate(capacity: EchoDelayEstimator.frameSamples)
  private var lastSlow = 0
  /// Frames that may be searched, as the caller's frames go by.
  private var searchLeft = searchMax
  private var framesUntilSearch = framesPerSearch
  private var framesSinceSearch = 0
  /// How much later the agent's voice came back when that was last found; `nil`: never.
  private(set) var found: CallDuration?

  /// - Parameters:
  ///   - makeDecoder: of the call's format; `nil` where it cannot be had, and nothing is looked for.
  init(cancellers: any EchoCancellerFactory, makeDecoder: @escaping () -> (any AudioDecoder)?) {
    self.cancellers = cancellers
    self.makeDecoder = makeDecoder
    reference.initialize(repeating: 0)
    slow.initialize(repeating: 0)
  }

  deinit {
    reference.deallocate()
    slow.deallocate()
  }

  /// Takes the echo out of a frame, when one was found.
  /// - Parameters:
  ///   - frame: 320 samples of the caller.
  ///   - position: call time of its first sample, in samples.
  /// - Returns: whether what is left is no more than an echo leaves.
  func cancel(in frame: UnsafeMutableBufferPointer<Int16>, at position: Int) -> Bool {
    guard case .cancelling(let delay) = state, let sound, let canceller else { return false }
    decode(into: sound, atMost: Self.packetsPerFrame)
    let from = position - delay
    // Until the canceller's memory of it is empty.
    guard sound.end > from - EchoTail.samples - FrameFormat.samples else { return false }
    let before = EnergyGate.energy(of: UnsafeBufferPointer(frame))
    sound.copyFrame(from: from, to: reference)
    canceller.cancel(UnsafeBufferPointer(reference), in: frame)
    let isEcho = level.isEcho(
      before: before, after: EnergyGate.energy(of: UnsafeBufferPointer(frame)),
      played: EnergyGate.energy(of: UnsafeBufferPointer(reference)))
    if level.frames >= Self.checkFrames {
      if level.isCancelled { level.restart() } else { searchAnew() }
    }
    return isEcho
  }

  /// Looks for an echo in a frame, unless one is being cancelled.
  /// - Parameter isLoud: whether there is sound in it.
  func search(_ frame: UnsafeBufferPointer<Int16>, at position: Int, isLoud: Bool) {
    guard case .searching = state else { return }
    refill()
    guard isLoud, searchLeft > 0, !played.isEmpty || (sound?.end ?? 0) > position - Self.delayMax else { return }
    guard let (sound, estimator) = begin() else { return }
    if framesSinceSearch > Self.searchGap { estimator.reset() }
    framesSinceSearch = 0
    searchLeft -= 1
    played.dropThose(before: position - Self.delayMax)
    decode(into: sound, atMost: Self.packetsPerFrame)
    SlowSound.reduce(frame, last: &lastSlow) { index, value in slow[index] = value }
    level.addSearched(EnergyGate.energy(of: frame), at: position)
    estimator.add(UnsafeBufferPointer(slow)) { sound.copySlow(until: position + FrameFormat.samples, to: $0) }
    if let delay = estimator.delay { cancelFromNow(delay, sound) }
  }

  /// The longest delay that is looked for, in samples.
  private static let delayMax = EchoDelayEstimator.delaysMax * PlayedSound.slowFactor

  private func refill() {
    framesSinceSearch += 1
    framesUntilSearch -= 1
    guard framesUntilSearch <= 0 else { return }
    framesUntilSearch = Self.framesPerSearch
    searchLeft = min(searchLeft + 1, Self.searchMax)
  }

  /// What a search needs, from its first frame on.
  private func begin() -> (PlayedSound, EchoDelayEstimator)? {
    if let sound, let estimator { return (sound, estimator) }
    guard let decoder = makeDecoder() else {
      state = .refused
      return nil
    }
    let made = (PlayedSound(decoder: decoder), EchoDelayEstimator())
    (sound, estimator) = made
    return made
  }

  private func decode(into sound: PlayedSound, atMost count: Int) {
    for _ in 0..<count {
      guard let packet = played.removeFirst() else { return }
      sound.append(packet)
    }
  }

  private func cancelFromNow(_ delay: Int, _ sound: PlayedSound) {
    estimator = nil
    if canceller == nil { canceller = cancellers.makeEchoCanceller() }
    guard let canceller else {
      (state, self.sound) = (.refused, nil)
      return
    }
    canceller.reset()
    level.begin { position in
      sound.copyFrame(from: position - delay, to: reference)
      return EnergyGate.energy(of: UnsafeBufferPointer(reference))
    }
    found = .microseconds(FrameFormat.microseconds(ofSamples: delay))
    state = .cancelling(delay: max(delay - Self.leadSamples, 0))
  }

  private func searchAnew() {
    state = .searching
    searchLeft = max(searchLeft, Self.searchMax / 2)
  }
}
