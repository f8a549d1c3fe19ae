import CallCore

/// One caller's audio on its way in: packet → frame → gate → detector, with the recording and the turn's audio beside it.
/// Allocates nothing per frame.
final class CallerAudio {
  /// Takes in a window's probability, its end, the end of the last loud sound, and the mean square of its samples; 0 where it is surely silent.
  typealias Heard = (SpeechProbability, _ until: Timestamp, _ loudUntil: Timestamp, _ meanSquare: Int) -> Void
  /// Takes in what was heard besides speech.
  typealias Sounded = (LineTone) -> Void

  /// Lost packets in a row that are filled in; longer gaps become silence, as concealment fades out by then.
  static let concealMax = 5

  private let decoder: any AudioDecoder
  private let detector: any SpeechDetector
  private var sequence = PacketSequence()
  private var overtaking = ReorderBuffer()
  /// Whether a packet is being taken in, which may end the call.
  private var isProcessing = false
  private var clock = CallerClock()
  private var gate = EnergyGate()
  private var gateWasOpen = false
  private let frame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: FrameFormat.samples)
  private let window = UnsafeMutableBufferPointer<Int16>.allocate(capacity: SpeechDetectorWindow.samples)
  private var windowFill = 0
  private var windowIsOpen = false
  /// Finds the keys that come as sound; `nil`: nobody listens for them.
  private var keyTones: KeyToneDetector?
  /// Finds the beep of an answering machine; `nil`: nobody waits for one.
  private var beeps: BeepDetector?
  /// Whether the tones of a key are in what was collected for the detector of speech.
  private var windowHasTones = false
  /// Takes the agent's own voice out; `nil`: nobody does.
  private let echo: EchoRemover?
  /// How much later the decoder gives a sound than it was made.
  private let codecDelay: CallDuration
  /// When the caller's last sound ended that was well above the noise, to 5 ms.
  private var loudUntil = Timestamp.zero
  let turn: TurnAudio
  let recording: TrackRecorder
  private(set) var counts = AudioCounts()

  init(
    decoder: any AudioDecoder, codecDelay: CallDuration, detector: any SpeechDetector,
    turnMax: CallDuration,
    recording: TrackRecorder, hearsKeyTones: Bool = false, hearsBeeps: Bool = false, echo: EchoRemover? = nil
  ) {
    self.decoder = decoder
    self.codecDelay = codecDelay
    self.detector = detector
    turn = TurnAudio(turnMax: turnMax)
    self.recording = recording
    self.echo = echo
    keyTones = hearsKeyTones ? KeyToneDetector() : nil
    beeps = hearsBeeps ? BeepDetector() : nil
  }

  deinit {
    frame.deallocate()
    window.deallocate()
  }

  /// Takes in one packet and hands each completed window to `heard`, and each tone that is found in the sound to `sounded`.
  ///
  /// A packet that overtook others is kept for as long as those may still come; see ``releaseOverdue(at:sounded:heard:)``.
  func receive(
    _ payload: UnsafeRawBufferPointer, number: UInt32, stamp: UInt64?, at now: Timestamp, sounded: Sounded,
    heard: Heard
  ) throws(EngineError) {
    let missing = sequence.missing(before: number)
    if (1...ReorderBuffer.depth).contains(missing) {
      switch overtaking.keep(payload, number: number, stamp: stamp, at: now) {
      case .kept: return
      case .duplicate:
        counts.late += 1
        return
      case .noRoom: break
      }
    }
    if (1...PacketSequence.gapMax).contains(missing) {
      try release(at: now, sounded: sounded, heard: heard)
    }
    try process(payload, number: number, stamp: stamp, at: now, sounded: sounded, heard: heard)
    try release(gapMax: 0, at: now, sounded: sounded, heard: heard)
  }

  /// Gives up missing packets that were waited for long enough, and takes in those that overtook them. Called every 20 ms.
  func releaseOverdue(at now: Timestamp, sounded: Sounded, heard: Heard) throws(EngineError) {
    guard overtaking.isOverdue(at: now) else { return }
    try release(at: now, sounded: sounded, heard: heard)
  }

  /// The call is over: packets that are still kept are recorded and counted, and nobody hears them. Where the call was ended by what is in a
  /// packet, those behind it came too late.
  /// - Returns: why one of them, and those behind it, cannot be decoded.
  func recordKept(at now: Timestamp) -> EngineError? {
    guard !isProcessing else { return nil }
    do throws(EngineError) {
      try release(at: now, sounded: { _ in }, heard: { _, _, _, _ in })
      return nil
    } catch {
      return error
    }
  }

  /// Takes in the kept packets, in their order, as long as at most `gapMax` are missing before each.
  private func release(
    gapMax: Int = .max, at now: Timestamp, sounded: Sounded, heard: Heard
  ) throws(EngineError) {
    var goesOn = !overtaking.isEmpty
    while goesOn {
      goesOn = try overtaking.takeFirst(due: sequence.due, gapMax: gapMax) {
        payload, number, stamp throws(EngineError) in
        try process(payload, number: number, stamp: stamp, at: now, sounded: sounded, heard: heard)
      }
    }
  }

  private func process(
    _ payload: UnsafeRawBufferPointer, number: UInt32, stamp: UInt64?, at now: Timestamp, sounded: Sounded,
    heard: Heard
  ) throws(EngineError) {
    isProcessing = true
    defer { isProcessing = false }
    var lost = 0
    switch sequence.classify(number) {
    case .late:
      counts.late += 1
      return
    case .inOrder: break
    case .afterGap(let count): lost = count
    }
    counts.lost += lost
    guard !clock.isTooEarly(at: now) else {
      counts.dropped += 1
      return
    }
    if lost > 0 { try fillGap(of: lost, before: payload, at: now, sounded: sounded, heard: heard) }
    if clock.addPacket(at: now, stamp: stamp) > .zero { forgetWindow(sounded) }
    recording.append(payload, at: FrameFormat.samples(inMicroseconds: clock.next.microseconds))
    let samples: Int
    do throws(EngineError) {
      samples = try decoder.decode(payload, into: frame)
    } catch {
      counts.dropped += 1
      clock.advance(samples: FrameFormat.samples)
      throw error
    }
    counts.received += 1
    try processFrame(samples, sounded: sounded, heard: heard)
  }

  /// How much later the agent's own voice came back in the caller's audio; `nil`: it did not, or nobody looked.
  var echoDelay: CallDuration? { echo?.found }

  /// Whether the caller's sound ends with the tones of a key.
  var hearsKeyTones: Bool { keyTones?.hearsTones ?? false }

  /// Begins to keep a turn.
  func openTurn(from start: Timestamp) {
    turn.open(from: FrameFormat.samples(inMicroseconds: max(start, .zero).microseconds))
  }

  /// The words of the turn so far are asked for: its sound is used, up to the last that was loud.
  func markTurnUsed() {
    turn.markUsed(until: FrameFormat.samples(inMicroseconds: (loudUntil + codecDelay).microseconds))
  }

  /// Lets go of the turn's audio.
  func closeTurn() {
    if turn.isOpen { turn.close() }
  }

  private func fillGap(
    of lost: Int, before payload: UnsafeRawBufferPointer, at now: Timestamp, sounded: Sounded, heard: Heard
  ) throws(EngineError) {
    let filled = min(lost, Self.concealMax)
    if lost > filled {
      // The numbers may claim more than there was time for; the clock must not run ahead, or all that follows is too early.
      let room = now - clock.next - .milliseconds(20) * (filled + 1)
      clock.skip(min(.milliseconds(20) * (lost - filled), max(room, .zero)))
      forgetWindow(sounded)
    }
    for index in 0..<filled {
      let next = index == filled - 1 ? payload : UnsafeRawBufferPointer(start: nil, count: 0)
      try decoder.conceal(next: next, into: frame)
      counts.concealed += 1
      try processFrame(FrameFormat.samples, sounded: sounded, heard: heard)
    }
  }

  /// What was collected for the detector does not fit what comes now.
  private func forgetWindow(_ sounded: Sounded) {
    windowFill = 0
    windowIsOpen = false
    windowHasTones = false
    keyTones?.reset()
    if beeps?.reset() == true { sounded(.beep) }
    detector.reset()
  }

  private func processFrame(_ samples: Int, sounded: Sounded, heard: Heard) throws(EngineError) {
    let decoded = UnsafeBufferPointer(start: frame.baseAddress, count: samples)
    let start = clock.next
    let position = FrameFormat.samples(inMicroseconds: start.microseconds)
    let isWhole = samples == FrameFormat.samples
    let isEcho = isWhole && echo?.cancel(in: frame, at: position) == true
    turn.append(decoded, at: position)
    let isLoud = gate.isOpen(for: decoded)
    if isLoud, !isEcho { windowIsOpen = true }
    if isWhole, echo?.search(decoded, at: position, isLoud: isLoud) == true { windowIsOpen = false }
    if keyTones?.hear(decoded, { key in sounded(.key(key)) }) == true { windowHasTones = true }
    if beeps?.hear(decoded) == true { sounded(.beep) }
    if !isEcho, let end = gate.loudEnd {
      loudUntil = start + .microseconds(FrameFormat.microseconds(ofSamples: end)) - codecDelay
    }
    for index in 0..<samples {
      window[windowFill] = decoded[index]
      windowFill += 1
      guard windowFill == window.count else { continue }
      let until = start + .microseconds(FrameFormat.microseconds(ofSamples: index + 1))
      let meanSquare = windowIsOpen && !windowHasTones ? EnergyGate.energy(of: UnsafeBufferPointer(window)) : 0
      heard(try judgeWindow(), until, loudUntil, meanSquare)
    }
    clock.advance(samples: samples)
  }

  private func judgeWindow() throws(EngineError) -> SpeechProbability {
    // Tones of keys are nobody's voice.
    let isOpen = windowIsOpen && !windowHasTones
    windowFill = 0
    windowIsOpen = false
    windowHasTones = keyTones?.hearsTones ?? false
    defer { gateWasOpen = isOpen }
    guard isOpen else { return .silence }
    if !gateWasOpen { detector.reset() }
    return try detector.probability(of: UnsafeBufferPointer(window))
  }
}

/// A sound on the line that is nobody's voice.
enum LineTone: Sendable {
  /// Of a telephone.
  case key(Key)
  /// Such as that of an answering machine, which is over.
  case beep
}

/// Tells from the packets' numbers what was lost on the way.
package struct PacketSequence: Sendable {
  /// What a packet's number says.
  package enum Arrival: Sendable, Equatable {
    /// The one that was due.
    case inOrder
    /// The packets before it are missing.
    case afterGap(Int)
    /// Its place has passed, or its number is far from all others.
    case late
  }

  /// More packets in a row are not lost: the sender began anew, or the number is damaged (RFC 3550 A.1, `MAX_DROPOUT`).
  package static let gapMax = 3000
  /// A packet that is further behind is of a sender that began anew (RFC 3550 A.1, `MAX_MISORDER`).
  package static let latenessMax = 100

  private var expected: UInt32?
  /// The number behind one that was far from all others: when it comes next, the sender did begin anew.
  private var afterJump: UInt32?

  /// Any number may come first.
  package init() {}

  /// The number of the packet that is due; 0 before the first of all.
  package var due: UInt32 { expected ?? 0 }

  /// How many packets are missing before one of this number: 0 for the one that is due and for the first of all, below 0 where
  /// its place has passed.
  package func missing(before number: UInt32) -> Int { Int(Int32(bitPattern: number &- (expected ?? number))) }

  /// Takes in a packet's number; numbers wrap around after 2³².
  package mutating func classify(_ sequence: UInt32) -> Arrival {
    let gap = missing(before: sequence)
    if sequence == afterJump { return advance(to: sequence, after: 0) }
    guard (-Self.latenessMax...Self.gapMax).contains(gap) else {
      afterJump = sequence &+ 1
      return .late
    }
    return gap < 0 ? .late : advance(to: sequence, after: gap)
  }

  private mutating func advance(to sequence: UInt32, after gap: Int) -> Arrival {
    afterJump = nil
    expected = sequence &+ 1
    return gap == 0 ? .inOrder : .afterGap(gap)
  }
}
