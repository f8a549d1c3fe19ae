public import CallCore
import JSON

/// What the bot says, in sound and in words, and what is played of it.
extension RTVIPlatformSide {
  /// A bot that says nothing of when it stops has stopped after as long a silence.
  private static let silenceMax = CallDuration.seconds(1)
  /// Audio that comes so soon behind an interruption was under way: it belongs to what was broken off.
  private static let remnantMax = CallDuration.milliseconds(200)
  /// Utterances that may wait; what comes on top is part of the last one.
  private static let utterancesMax = 1024

  /// The utterance that goes on.
  var openUtterance: Int? {
    guard let last = utterances.indices.last, !utterances[last].played.isClosed else { return nil }
    return last
  }

  // MARK: - Sound

  /// Audio of the bot is about to be queued: a mark tells when an utterance begins to be played. Silence begins none: Pipecat sends 2 s of it
  /// before it closes.
  func beginUtterance(_ queue: inout PlayoutQueue, _ samples: UnsafeRawBufferPointer) {
    guard openUtterance == nil, Self.isAudible(samples) else { return }
    if let interruptedAt, now - interruptedAt <= Self.remnantMax { return }
    guard utterances.count < Self.utterancesMax else { return }
    interruptedAt = nil
    utteranceCount += 1
    let played = PlayedUtterance(number: utteranceCount, turn: turns)
    utterances.append(BotUtterance(played, start: queue.position + queue.queuedBytes, words: pending))
    pending = BotWords()
    if !played.markStart(&queue) { noteQueueFull() }
  }

  /// Whether a sample is beyond the noise of a bad converter, -60 dB of full scale.
  private static func isAudible(_ samples: UnsafeRawBufferPointer) -> Bool {
    samples.bindMemory(to: Int16.self).contains { $0.magnitude > 32 }
  }

  /// The bot has stopped: a mark tells when all of it was played.
  /// - Parameter isTold: whether it said so.
  func stopUtterance(_ queue: inout PlayoutQueue, isTold: Bool) {
    guard let place = openUtterance else { return }
    utterances[place].isStopped = isTold
    if !utterances[place].played.close(&queue) { noteQueueFull() }
  }

  /// Ends an utterance of which nothing has come for long.
  func endSilentUtterance(_ queue: inout PlayoutQueue) {
    guard let place = openUtterance, queue.queuedBytes == 0 else { return }
    let since = utterances[place].drainedAt ?? now
    utterances[place].drainedAt = since
    if now - since >= Self.silenceMax { stopUtterance(&queue, isTold: false) }
  }

  /// What is not played is dropped. A bot says so whenever it hears somebody, also when it was silent.
  func interrupt(_ queue: inout PlayoutQueue, _ handle: (PlatformEvent) -> Void) {
    interruptedAt = now
    pending = BotWords()
    let wasWaiting = queue.queuedBytes > 0
    let position = queue.position
    _ = queue.clear()
    for entry in converters { entry.converter.reset() }
    var isCut = wasWaiting
    for place in utterances.indices where utterances[place].played.playback == .playing {
      utterances[place].settlePlayed(position)
      let isOver = !wasWaiting && (utterances[place].isStopped || isSilent(utterances[place]))
      isCut = isCut || !isOver
      finishUtterance(place, isCut: !isOver, handle)
    }
    utterances = utterances.suffix(1)
    if let last = utterances.indices.last { utterances[last].played.drop() }
    if isCut { handle(.cleared) }
  }

  /// Whether so long nothing of it was left to be played that it was over: it is told so a moment later.
  private func isSilent(_ utterance: BotUtterance) -> Bool {
    utterance.drainedAt.map { now - $0 > Self.remnantMax } ?? false
  }

  // MARK: - Words

  /// What the bot says, or is about to, or has said.
  func receiveOutput(_ data: JSONFields, _ handle: (PlatformEvent) -> Void) throws(WireFault) {
    let text = try data.text("text")
    // Before RTVI 2 each text came twice: as the model wrote it, and once more word by word as it was spoken.
    let isSpoken =
      flag("will_be_spoken", data) ?? (flag("spoken", data) ?? true && data.textIfAny("aggregated_by") != "word")
    guard isSpoken else { return }
    hasOutput = true
    let id = data["segment_id"]?.wholeNumber.flatMap { Int(exactly: $0) }
    add(BotWords.Segment(id: id, text: text), handle)
  }

  private func flag(_ name: String, _ data: JSONFields) -> Bool? {
    if case .bool(let flag)? = data[name] { flag } else { nil }
  }

  private func add(_ segment: BotWords.Segment, _ handle: (PlatformEvent) -> Void) {
    guard let place = owner(of: segment) else { return pending.add(segment) }
    utterances[place].words.add(segment)
    switch utterances[place].played.playback {
    case .waiting: break
    case .playing: handle(.says(utterances[place].words.text))
    case .over: tell(place, at: now, handle)  // words that come behind the sound
    }
  }

  /// The utterance that a piece of text belongs to: the one that has it, the one that goes on, or the last, if that has no words yet. `nil`: one
  /// that has not begun.
  private func owner(of segment: BotWords.Segment) -> Int? {
    if let place = utterances.lastIndex(where: { $0.words.has(segment.id) }) { return place }
    if let openUtterance { return openUtterance }
    guard let last = utterances.indices.last, utterances[last].words.isEmpty, interruptedAt == nil else {
      return nil
    }
    return last
  }

  // MARK: - What is played

  /// An utterance begins to be played, or was played to its end.
  public func reached(_ mark: String, at now: Timestamp, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void) {
    guard let (number, isStart) = PlayedUtterance.read(mark),
      let place = utterances.lastIndex(where: { $0.played.number == number })
    else { return }
    guard !isStart else {
      utterances[place].played.start()
      return tell(place, at: now, handle)
    }
    utterances[place].played.playOut()
    let isDone = utterances[place].isStopped && !isThinking && runningTools.isEmpty
    finishUtterance(place, isCut: false, at: now, handle)
    utterances.removeFirst(place)
    if isDone { handle(.finished) }
  }

  private func finishUtterance(
    _ place: Int, isCut: Bool, at end: Timestamp? = nil, _ handle: (PlatformEvent) -> Void
  ) {
    guard utterances[place].played.finish(isCut: isCut) else { return }
    if utterances[place].words.isEmpty, !hasOutput {
      utterances[place].words.add(BotWords.Segment(id: nil, text: modelText.text))
      modelText = BoundedText(charactersMax: Self.textMax)
    }
    tell(place, at: end ?? now, handle)
  }

  private func tell(_ place: Int, at end: Timestamp, _ handle: (PlatformEvent) -> Void) {
    handle(utterances[place].played.notice(utterances[place].words.text, format, at: end))
  }

  /// What is being said when the call ends was heard so far; to its end when all of it was played and the bot closed, or fell silent.
  public func finish(at now: Timestamp, of queue: borrowing PlayoutQueue, _ handle: (PlatformEvent) -> Void) {
    for place in utterances.indices where utterances[place].played.playback == .playing {
      utterances[place].settlePlayed(queue.position)
      let isWhole = utterances[place].played.playedBytes == utterances[place].played.receivedBytes
      finishUtterance(place, isCut: !isWhole || !isClosed && !isSilent(utterances[place]), at: now, handle)
    }
  }
}
