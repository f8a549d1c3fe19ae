import CallCore

/// The agent's audio on its way out: the sentences of one utterance as packets, each sent when it is due. Allocates nothing per
/// packet.
struct AgentAudio {
  /// What one look at the clock led to.
  enum Progress: Equatable {
    case nothing
    case started
    case finished
  }

  /// How much sooner than due a packet is sent, unless the call's settings say otherwise, so that the client can start at once and rides out
  /// our jitter: 3 packets at the start, then one every 20 ms.
  static let leadUsual = CallDuration.milliseconds(40)
  /// The longest lead that is kept: what was sent plays on after a barge-in.
  static let leadMax = CallDuration.milliseconds(200)
  /// A packet that is later than this shifts the rest of the utterance instead of being hurried after.
  static let latenessMax = CallDuration.milliseconds(200)
  /// A packet that leaves later than this after its time counts as late.
  static let lateAfter = CallDuration.milliseconds(20)

  private(set) var utterance: UtteranceID?
  private var sentences: [EncodedSpeech] = []
  private var sentenceCount = 0
  /// More sentences than `sentenceCount` may be asked for: the last packet is kept back until it is known to be the last.
  private var isOpen = false
  private var sentence = 0
  private var packet = 0
  /// When the utterance's next unsent packet is heard by a client that plays at once.
  private var due = Timestamp.zero
  private var hasStarted = false
  /// The next sentence was not there when it was due, or the utterance was paused then.
  private var isStarved = false
  /// Nothing is sent.
  private var isPaused = false
  /// Packets that were sent and are not heard yet, at most; the recording follows behind.
  private var recordedSentence = 0
  private var recordedPacket = 0
  private var recordedDue = Timestamp.zero
  private var heardPackets = 0
  private let lead: CallDuration
  /// Most packets in one go: those of the start, or after a hiccup.
  private let burstMax: Int
  let recording: TrackRecorder
  /// Told what was sent; `nil`: nobody looks for an echo of it.
  private let played: PlayedPackets?
  private(set) var sentPackets = 0
  private(set) var latePackets = 0

  init(recording: TrackRecorder, lead: CallDuration? = nil, played: PlayedPackets? = nil) {
    self.recording = recording
    self.played = played
    self.lead = min(lead ?? Self.leadUsual, Self.leadMax)
    burstMax = self.lead.milliseconds / 20 + 1
    sentences.reserveCapacity(16)
  }

  /// Begins an utterance of `count` sentences, whose audio is added as it comes.
  /// - Parameter isWhole: whether these are all.
  mutating func begin(_ utterance: UtteranceID, sentences count: Int, isWhole: Bool = true) {
    isOpen = !isWhole
    self.utterance = utterance
    sentences.removeAll(keepingCapacity: true)
    sentenceCount = count
    sentence = 0
    packet = 0
    recordedSentence = 0
    recordedPacket = 0
    heardPackets = 0
    hasStarted = false
    isStarved = false
    isPaused = false
  }

  /// Adds the audio of the next sentence.
  mutating func add(_ speech: EncodedSpeech) { sentences.append(speech) }

  /// The utterance has more sentences than it had when it began.
  /// - Returns: false when no further sentence is taken.
  mutating func expect(_ count: Int, isLast: Bool) -> Bool {
    guard isOpen else { return false }
    sentenceCount += count
    isOpen = !isLast
    return true
  }

  /// No further sentence will come: the utterance ends with those that are there.
  mutating func closeSentences() {
    sentenceCount = sentences.count
    isOpen = false
  }

  /// How many of the utterance's sentences have audio.
  var readySentences: Int { sentences.count }

  /// Sends what is due.
  /// - Parameter send: bytes, what ends with them, and when they are due; false when the connection cannot take them now.
  mutating func advance(
    at now: Timestamp, send: (UnsafeRawBufferPointer, AgentPacket.End, Timestamp) -> Bool
  ) -> Progress {
    guard utterance != nil else { return .nothing }
    let hadStarted = hasStarted
    sendDue(at: now, send: send)
    // Without a single packet.
    if !hasStarted, !sentences.isEmpty, sentence == sentenceCount, !isOpen { start(at: now) }
    guard hasStarted else { return .nothing }
    record(until: now)
    guard hadStarted else { return .started }
    guard sentence == sentenceCount, !isOpen, now >= due else { return .nothing }
    utterance = nil
    return .finished
  }

  /// Stops at once.
  /// - Returns: how much of the utterance was audible.
  mutating func stop(at now: Timestamp) -> CallDuration {
    if hasStarted, utterance != nil { record(until: now) }
    played?.forget(from: now)
    utterance = nil
    return .milliseconds(20) * heardPackets
  }

  /// Sends nothing more for now; what was sent is heard.
  mutating func pause() { isPaused = true }

  /// Goes on behind what was sent, as soon as that was heard.
  mutating func resume(at now: Timestamp) {
    isPaused = false
    if hasStarted, now > due { isStarved = true }
  }

  private mutating func sendDue(
    at now: Timestamp, send: (UnsafeRawBufferPointer, AgentPacket.End, Timestamp) -> Bool
  ) {
    guard !isPaused else { return }
    var burst = 0
    while burst < burstMax, skipFinishedSentences(), !hasStarted || now + lead >= due {
      let isHeldUp = !hasStarted || isStarved || now - due > Self.latenessMax
      let instant = isHeldUp ? now : due
      let speech = sentences[sentence]
      let isLast = packet == speech.packetCount - 1
      if isLast, isOpen, sentence == sentenceCount - 1 {
        isStarved = isStarved || now > due
        break
      }
      let end: AgentPacket.End = !isLast ? .nothing : sentence == sentenceCount - 1 ? .utterance : .sentence
      let wasSent = speech.withPacket(packet) { send($0, end, instant) }
      guard wasSent else { return }
      if isHeldUp { start(at: now) }
      if now - due > Self.lateAfter { latePackets += 1 }
      sentPackets += 1
      played?.append(speech, packet: packet, due: due)
      packet += 1
      due = due + .milliseconds(20)
      burst += 1
    }
    if sentence == sentences.count, sentence < sentenceCount, now > due { isStarved = true }
  }

  /// - Returns: whether there is a packet to send.
  private mutating func skipFinishedSentences() -> Bool {
    while sentence < sentences.count {
      if packet < sentences[sentence].packetCount { return true }
      sentence += 1
      packet = 0
    }
    return false
  }

  /// The utterance begins, or goes on after a late sentence or a full connection: what is left of it counts from now.
  private mutating func start(at now: Timestamp) {
    record(until: now)
    hasStarted = true
    isStarved = false
    due = now
    recordedDue = now
  }

  /// Writes the packets that were audible before `now` into the recording.
  private mutating func record(until now: Timestamp) {
    while recordedSentence < sentences.count,
      recordedSentence < sentence || (recordedSentence == sentence && recordedPacket < packet), recordedDue < now
    {
      let speech = sentences[recordedSentence]
      guard recordedPacket < speech.packetCount else {
        recordedSentence += 1
        recordedPacket = 0
        continue
      }
      let position = FrameFormat.samples(inMicroseconds: recordedDue.microseconds)
      speech.withPacket(recordedPacket) { recording.append($0, at: position) }
      recordedPacket += 1
      heardPackets += 1
      recordedDue = recordedDue + .milliseconds(20)
    }
  }
}

/// The audio of an utterance's sentences as it comes from the workers, in any order.
struct PendingSpeech {
  private var sentences: [EncodedSpeech?]

  /// Room for `count` sentences.
  init(count: Int) { sentences = Array(repeating: nil, count: count) }

  /// How many there are, those that were given out among them.
  var count: Int { sentences.count }

  /// Room for more behind them.
  mutating func grow(by count: Int) { sentences += Array(repeating: nil, count: count) }

  /// Keeps sentence `index`; one that is not of this utterance is ignored.
  mutating func insert(_ speech: EncodedSpeech, at index: Int) {
    if sentences.indices.contains(index) { sentences[index] = speech }
  }

  /// Gives sentence `index` out once, when it is there.
  mutating func removeSentence(_ index: Int) -> EncodedSpeech? {
    guard sentences.indices.contains(index), let speech = sentences[index] else { return nil }
    sentences[index] = nil
    return speech
  }
}
