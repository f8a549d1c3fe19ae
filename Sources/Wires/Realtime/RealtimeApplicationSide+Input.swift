import CallCore
import JSON

/// What the caller says: audio that is appended, turns that are found in it or committed, and their words.
extension RealtimeApplicationSide {
  func appendAudio(_ text: UnsafeRawBufferPointer) throws(RealtimeFault) {
    let before = audio.count
    switch audio.append(text: text) {
    case .kept: uncommittedBytes += audio.count - before
    case .notBase64: throw RealtimeFault(.invalidValue, "audio: expected Base64, got what is none", param: "audio")
    case .oddBytes:
      throw RealtimeFault(.invalidValue, "audio: expected whole samples of 16 bits, got half of one", param: "audio")
    case .full:
      throw RealtimeFault(
        .bufferFull,
        "audio: \(AppendedAudio.secondsMax) s of audio wait to be heard; this piece was dropped", param: "audio")
    }
  }

  /// An event that only the parser could read.
  func appendAudio(_ fields: RealtimeFields) throws(RealtimeFault) {
    let text = Array(try fields.text("audio", bytesMax: Self.eventBytesMax).utf8)
    try text.span.bytes.withUnsafeBytes { bytes throws(RealtimeFault) in try appendAudio(bytes) }
  }

  /// The turn is over behind what was appended so far.
  func commit() throws(RealtimeFault) {
    let milliseconds = audio.milliseconds(of: uncommittedBytes)
    guard milliseconds >= Self.commitMillisecondsMin else {
      throw RealtimeFault(
        .commitEmpty,
        "Error committing input audio buffer: buffer too small. Expected at least \(Self.commitMillisecondsMin)ms of audio, "
          + "but buffer only has \(milliseconds)ms of audio.")
    }
    try postpone(.commit)
    uncommittedBytes = 0
  }

  /// OpenAI's own limit.
  private static let commitMillisecondsMin = 100

  /// Puts something behind the audio that was appended so far.
  func postpone(_ what: Deferred) throws(RealtimeFault) {
    guard deferred.count < Self.deferredMax else {
      throw RealtimeFault(
        .invalidValue, "\(Self.deferredMax) commits wait for their audio to be heard; try again later")
    }
    audio.fillPacket()
    deferred.append((audio.appended, what))
  }

  /// Forgets what was appended behind the last commit.
  func clearInput(_ handle: (WireEvent) -> Void) {
    audio.removeAll(behind: deferred.last?.position ?? 0)
    uncommittedBytes = 0
    if deferred.isEmpty {
      speech = nil
      handle(.commanded(.discardInput))
    }
    say("input_audio_buffer.cleared") { _ in }
  }

  /// All that was committed has been heard.
  func beginCommittedTurn(_ handle: (WireEvent) -> Void) {
    // The end of a turn that was found in the audio is told when it comes.
    if speech == nil { addTurn(makeID("item"), start: 0, end: audio.milliseconds(of: audio.taken)) }
    handle(.commanded(.commit))
  }

  // MARK: - Turns that are found

  func speechStarted(at instant: Timestamp) {
    // The caller goes on: what was taken for a turn was none.
    if let gone = untranscribed { forget(gone.id) }
    (untranscribed, waitsSince) = (nil, nil)
    if wanted != nil { skipWanted(.cancelled("turn_detected")) }
    let padding = session.turnDetection?.prefixPaddingMilliseconds ?? 0
    let start = max(audioMilliseconds(at: instant) - padding, 0)
    let id = makeID("item")
    speech = (id, start)
    say("input_audio_buffer.speech_started") { writer in
      writer.field("item_id", id)
      writer.field("audio_start_ms", start)
    }
  }

  func speechStopped() {
    let end = audio.milliseconds(of: audio.taken)
    let turn = speech ?? (makeID("item"), end)
    speech = nil
    uncommittedBytes = min(uncommittedBytes, audio.count)
    say("input_audio_buffer.speech_stopped") { writer in
      writer.field("item_id", turn.id)
      writer.field("audio_end_ms", end)
    }
    addTurn(turn.id, start: turn.start, end: end)
  }

  /// The client's `idle_timeout_ms` is over: the silence becomes a turn of the caller, without words.
  func timeoutTriggered(since instant: Timestamp) {
    guard session.turnDetection?.idleMilliseconds != nil, speech == nil, untranscribed == nil else { return }
    let (id, end) = (makeID("item"), audio.milliseconds(of: audio.taken))
    let start = audioMilliseconds(at: instant)
    uncommittedBytes = min(uncommittedBytes, audio.count)
    say("input_audio_buffer.timeout_triggered") { writer in
      writer.field("item_id", id)
      writer.field("audio_start_ms", start)
      writer.field("audio_end_ms", end)
    }
    addTurn(id, start: start, end: end)
    completeTranscription("")
  }

  /// A turn of the caller becomes part of the conversation.
  private func addTurn(_ id: String, start: Int, end: Int) {
    let item = ConversationItem(id: id, role: .user, content: [.inputAudio(transcript: nil)])
    items.append(item)
    untranscribed = (id, end - start)
    say("input_audio_buffer.committed") { [items] writer in
      writer.field("item_id", id)
      writer.field("previous_item_id", items.predecessor(of: id))
    }
    sayItem("conversation.item.added", item)
    sayItem("conversation.item.done", item)
  }

  private func forget(_ id: String) {
    items.remove(id)
    say("conversation.item.deleted") { $0.field("item_id", id) }
  }

  // MARK: - Words

  func wordsCame(_ entry: TranscriptEntry) {
    if entry.source == .keys { return keysCame(entry.text) }
    guard entry.role == .caller, entry.source == .speech, let turn = untranscribed else { return }
    // The caller had gone on after a pause: these words hold the earlier ones.
    if !entry.text.isEmpty, let earlier = transcribed, earlier.turn == entry.turn { forget(earlier.id) }
    transcribed = (turn.id, entry.turn)
    completeTranscription(entry.text)
  }

  /// Keys that were heard in the sound: the protocol has no event for one, and shows them as a text of the caller. It is used already.
  /// - Parameter keys: none where only `#` was pressed.
  private func keysCame(_ keys: String) {
    let begun = dropSpeech()
    guard !keys.isEmpty else { return }
    let id = begun ?? makeID("item")
    var item = ConversationItem(id: id, role: .user, content: [.inputText(keys)])
    item.isUsed = true
    items.append(item)
    sayItem("conversation.item.added", item)
    sayItem("conversation.item.done", item)
  }

  /// What the caller began to say is not used, because keys or a typed text take its place: it ends all the same.
  /// - Returns: the id of its item, which was told and is not there yet; `nil` when nothing was being said.
  @discardableResult
  func dropSpeech() -> String? {
    guard let turn = speech else { return nil }
    speech = nil
    say("input_audio_buffer.speech_stopped") { [audio] writer in
      writer.field("item_id", turn.id)
      writer.field("audio_end_ms", audio.milliseconds(of: audio.taken))
    }
    return turn.id
  }

  /// Whether a commit has to wait for the words of the turn before it.
  func waitsForWords(at now: Timestamp) -> Bool {
    guard untranscribed != nil else { return false }
    let since = waitsSince ?? now
    waitsSince = since
    guard now - since >= Self.wordsMax else { return true }
    completeTranscription("")
    return false
  }

  /// Longer than a recognition may take (`TurnLimits.recognitionMax`): there was nothing to understand, and the agent had nothing to say.
  private static let wordsMax = CallDuration.seconds(6)

  /// The words of the last turn are known; empty when there are none.
  func completeTranscription(_ words: String) {
    guard let turn = untranscribed else { return }
    (untranscribed, waitsSince) = (nil, nil)
    items[turn.id]?.content = [.inputAudio(transcript: words)]
    guard session.transcription != nil else { return }
    say("conversation.item.input_audio_transcription.completed") { writer in
      writer.field("item_id", turn.id)
      writer.field("content_index", 0)
      writer.field("transcript", words)
      writer.object("usage") { writer in
        writer.field("type", "duration")
        writer.field("seconds", thousandths: max(turn.milliseconds, 0))
      }
    }
  }

  private func failTranscription(_ message: String) {
    guard let turn = untranscribed else { return }
    (untranscribed, waitsSince) = (nil, nil)
    guard session.transcription != nil else { return }
    say("conversation.item.input_audio_transcription.failed") { writer in
      writer.field("item_id", turn.id)
      writer.field("content_index", 0)
      writer.object("error") { writer in
        writer.field("type", "server_error")
        writer.field("code", "transcription_failed")
        writer.field("message", message)
        writer.field("param", .null)
      }
    }
  }

  /// An engine failed.
  func tellTrouble(_ code: String, _ message: String) {
    if code == "recognition-failed", untranscribed != nil { return failTranscription(message) }
    let fault = RealtimeFault(server: code.split(separator: "-").joined(separator: "_"), message)
    // What was said before it broke off is still to be heard, as the response that is wanted.
    if wanted != nil, code != "model-broke-off" { return skipWanted(.failed(fault)) }
    eventID = nil
    say(fault)
  }
}
