package import CallCore

/// Takes the agent's own voice out of the caller's audio, where it comes back. Nothing is done while the caller's side is silent or the agent is; where
/// something is heard while the agent speaks, an echo is looked for (`EchoDelayEstimator`), and once one is found it is cancelled.
///
/// A canceller needs one to two seconds of the agent's speech. What it leaves meanwhile is told by its level (`EchoLevel`), and no speech. Confined to the
/// call's loop; allocates nothing per frame, and some 0.1 MB when something is first heard over the agent and when an echo is found.
package final class EchoRemover {
  /// Frames that are searched: 3 s at first, then a tenth of the time. A frame's search costs about as much as the frame.
  static let searchMax = 150
  private static let framesPerSearch = 10
  /// Packets that are decoded in one frame at most: all of the last 640 ms when something is first heard over the agent, 0.5 ms of the loop.
  private static let packetsPerFrame = 34
  /// Frames without a search after which the next one begins anew.
  private static let searchGap = 25
  /// How much earlier than found the canceller looks: 10 ms, for what comes before the loudest path and for clocks that drift.
  private static let leadSamples = 160
  /// Frames of an echo after which it must have become softer, by a factor of 2 at least: 3 s. Otherwise it may come from elsewhere by now.
  private static let checkFrames = 150

  private enum State {
    /// None was found so far.
    case searching
    /// It comes back so many samples later.
    case cancelling(delay: Int)
    /// The server has no canceller left.
    case refused
  }

  /// What the agent said lately; told by whoever sends it.
  package let played = PlayedPackets()
  private let makeDecoder: () -> (any AudioDecoder)?
  private let cancellers: any EchoCancellerFactory
  private var state = State.searching
  private var sound: PlayedSound?
  private var estimator: EchoDelayEstimator?
  private var canceller: (any EchoCanceller)?
  private var level = EchoLevel()
  private let reference = UnsafeMutableBufferPointer<Int16>.allocate(capacity: FrameFormat.samples)
  private let input = UnsafeMutableBufferPointer<Int16>.allocate(capacity: FrameFormat.samples)
  private let slow = UnsafeMutableBufferPointer<Int16>.allocate(capacity: EchoDelayEstimator.frameSamples)
  private var lastSlow = 0
  /// Frames that may be searched, as the caller's frames go by.
  private var searchLeft = searchMax
  private var framesUntilSearch = framesPerSearch
  private var framesSinceSearch = 0
  /// How much later the agent's voice came back when that was last found; `nil`: never.
  package private(set) var found: CallDuration?

  /// - Parameters:
  ///   - makeDecoder: of the call's format; `nil` where it cannot be had, and nothing is looked for.
  package init(cancellers: any EchoCancellerFactory, makeDecoder: @escaping () -> (any AudioDecoder)?) {
    self.cancellers = cancellers
    self.makeDecoder = makeDecoder
    reference.initialize(repeating: 0)
    input.initialize(repeating: 0)
    slow.initialize(repeating: 0)
  }

  deinit {
    reference.deallocate()
    input.deallocate()
    slow.deallocate()
  }

  /// Takes the echo out of a frame, when one was found.
  /// - Parameters:
  ///   - frame: 320 samples of the caller.
  ///   - position: call time of its first sample, in samples.
  /// - Returns: whether what is left is no more than an echo leaves.
  package func cancel(in frame: UnsafeMutableBufferPointer<Int16>, at position: Int) -> Bool {
    guard case .cancelling = state, let sound, let canceller else { return false }
    refill()
    decode(into: sound, until: position + FrameFormat.samples)
    let before = EnergyGate.energy(of: UnsafeBufferPointer(frame))
    if let estimator, before > EnergyGate.silenceMax { checkDelay(UnsafeBufferPointer(frame), at: position, estimator) }
    guard case .cancelling(let delay) = state else { return false }
    let from = position - delay
    // Until the canceller's memory of it is empty.
    guard sound.end > from - EchoTail.samples - FrameFormat.samples else { return false }
    copy(UnsafeBufferPointer(frame), to: input)
    sound.copyFrame(from: from, to: reference)
    canceller.cancel(UnsafeBufferPointer(reference), in: frame)
    var after = EnergyGate.energy(of: UnsafeBufferPointer(frame))
    if after > before {
      // There is no echo: the canceller would put one in.
      copy(UnsafeBufferPointer(input), to: frame)
      after = before
    }
    let isEcho = level.isEcho(
      before: before, after: after, played: EnergyGate.energy(of: UnsafeBufferPointer(reference)))
    if level.frames >= Self.checkFrames {
      if !level.isCancelled { (estimator, searchLeft) = (EchoDelayEstimator(), Self.searchMax) }
      level.restart()
    }
    return isEcho
  }

  /// Looks for an echo in a frame, unless one is being cancelled.
  /// - Parameter isLoud: whether there is sound in it.
  /// - Returns: whether one was found: the sound of the last frames was no caller's.
  package func search(_ frame: UnsafeBufferPointer<Int16>, at position: Int, isLoud: Bool) -> Bool {
    guard case .searching = state else { return false }
    refill()
    guard isLoud, searchLeft > 0, !played.isEmpty || (sound?.end ?? 0) > position - Self.delayMax else { return false }
    guard let (sound, estimator) = begin() else { return false }
    played.dropThose(before: position - Self.delayMax)
    decode(into: sound, until: position + FrameFormat.samples)
    look(frame, at: position, in: sound, with: estimator)
    guard let delay = estimator.delay else { return false }
    cancelFromNow(delay, sound)
    return canceller != nil
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

  /// Decodes what is heard before call sample `end`, a bounded number of packets at a time.
  private func decode(into sound: PlayedSound, until end: Int) {
    for _ in 0..<Self.packetsPerFrame {
      guard let packet = played.removeFirst(before: end) else { return }
      // The client may begin each utterance a little sooner or later: what the canceller leaves is learned anew.
      if packet.position > sound.end + Self.leadSamples { level.utteranceBegan() }
      sound.append(packet)
    }
  }

  /// Takes one frame into a search; not while packets are still to be decoded that it could be an echo of.
  private func look(
    _ frame: UnsafeBufferPointer<Int16>, at position: Int, in sound: PlayedSound, with estimator: EchoDelayEstimator
  ) {
    let end = position + FrameFormat.samples
    guard !played.hasPacket(before: end) else { return }
    if framesSinceSearch > Self.searchGap { estimator.reset() }
    framesSinceSearch = 0
    searchLeft -= 1
    SlowSound.reduce(frame, last: &lastSlow) { index, value in slow[index] = value }
    level.addSearched(EnergyGate.energy(of: frame), at: position)
    estimator.add(UnsafeBufferPointer(slow)) { sound.copySlow(until: end, to: $0) }
  }

  /// Looks whether an echo that is not taken away comes from elsewhere by now, beside its cancelling: it may also be that somebody spoke over it.
  private func checkDelay(
    _ frame: UnsafeBufferPointer<Int16>, at position: Int, _ estimator: EchoDelayEstimator
  ) {
    guard let sound, case .cancelling(let known) = state else { return }
    look(frame, at: position, in: sound, with: estimator)
    if let delay = estimator.delay {
      self.estimator = nil
      guard abs(delay - Self.leadSamples - known) > Self.leadSamples else { return }
      cancelFromNow(delay, sound)
    } else if searchLeft <= 0 {
      self.estimator = nil
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

  private func copy(_ samples: UnsafeBufferPointer<Int16>, to target: UnsafeMutableBufferPointer<Int16>) {
    guard let from = samples.baseAddress else { return }
    target.baseAddress?.update(from: from, count: FrameFormat.samples)
  }
}
