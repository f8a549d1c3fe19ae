import CallCore
import CallDriver
import Formats
import Threads
import WebSockets

/// Speaks a text sentence by sentence: the next one is made when the client has taken the one before. While the client reads, the job
/// has no place in the scheduler, so that slow readers keep nobody from being served.
final class SynthesisJob: SpeechJob, HTTPBodySource {
  /// What is to be spoken, and how.
  struct Order {
    var text: String
    /// The text with its marks, where they are obeyed.
    var ssml: SSMLText?
    var voice: Voice.ID
    var format: SpeechFormat
    var streamFormat = SpeechStreamFormat.audio
    var ratePercent: Int
    /// How errors are written.
    var shape: SpeechRefusal.Shape

    /// Sound of a character at the usual rate, in bytes: 16 bits at 24 kHz, 14 characters a second.
    private static let characterBytes = 3500

    /// What is held until the first bytes are sent: the text, and the sound of a format that comes in one piece, as events once more in Base64.
    var heldBytes: Int {
      guard format == .flac else { return text.utf8.count }
      let sound = text.count * Self.characterBytes * 100 / ratePercent
      return text.utf8.count + (streamFormat == .events ? sound * 7 / 3 : sound)
    }
  }

  private struct Progress {
    var sentences: [SynthesisText]
    /// Characters of what was written, for each sentence: what is said may be longer.
    var charactersWritten: [Int]
    var next = 0
    let encoder: SpeechEncoder
    /// The sentence that was made, until it is encoded.
    var speech: PCMBuffer?
    /// What was spoken so far: characters as they were written, and microseconds of sound.
    var spoken: (characters: Int, microseconds: Int64) = (0, 0)
    /// Where the sentence goes: first an answer, then pieces of it.
    var reply: HTTPReply?
    var piece: HTTPPiece?
    var place: SpeechSlot?
  }

  private let order: Order
  private let synthesizer: any SpeechSynthesizer
  private let scheduler: SpeechScheduler
  private let encoders: BlockingPool
  private let stream: SpeechSlot
  private let client: SpeechClient
  private let usage: UsageMeter
  private let state: SpeechJobState<Progress>

  init(
    _ order: Order, by synthesizer: any SpeechSynthesizer, speechAPI: SpeechAPIContext, reply: HTTPReply,
    place: SpeechSlot, stream: SpeechSlot, client: SpeechClient, usage: UsageMeter
  ) throws(EngineError) {
    self.order = order
    self.synthesizer = synthesizer
    scheduler = speechAPI.scheduler
    encoders = speechAPI.server.encodingPool
    self.stream = stream
    self.client = client
    self.usage = usage
    let sentences = try Self.sentences(order)
    state = SpeechJobState(
      Progress(
        sentences: sentences,
        charactersWritten: Self.charactersWritten(order.ssml?.text ?? order.text, of: sentences.map(\.words)),
        encoder: try SpeechEncoder(order.format, sounds: speechAPI.sounds), reply: reply,
        place: place))
  }

  /// What is said, in words that fit an engine.
  private static func sentences(_ order: Order) throws(EngineError) -> [SynthesisText] {
    let plain = { SpokenParagraph.pieces(of: TextNormalizer.spoken(order.text, voice: order.voice)) }
    let sentences =
      order.ssml?.sentences(voice: order.voice).map(\.synthesis) ?? plain().map { SynthesisText($0) }
    guard !sentences.isEmpty else { throw .unsupported("text without words") }
    let length = sentences.reduce(0) { $0 + $1.words.scalarCount }
    guard length <= SpeechRequest.spokenMax else {
      throw .unsupported(
        "a text of \(length) characters when it is said, numbers and signs in words; at most \(SpeechRequest.spokenMax) are "
          + "spoken: send it in several requests")
    }
    return sentences
  }

  /// The characters of the text as it was written, without the blanks between its pieces, shared out by the length of what is said.
  private static func charactersWritten(_ text: String, of sentences: [String]) -> [Int] {
    let written = SpokenParagraph.pieces(of: text).reduce(0) { $0 + $1.count }
    let spoken = max(sentences.reduce(0) { $0 + $1.count }, 1)
    var (said, counted) = (0, 0)
    return sentences.map { sentence in
      said += sentence.count
      let share = written * said / spoken - counted
      counted += share
      return share
    }
  }

  /// Queues the first sentence.
  func begin(watching reply: HTTPReply) {
    state.watch(reply)
    scheduler.queue(self)
  }

  var isOver: Bool { state.isGone }

  func step() -> Bool {
    guard var work = state.claim() else { return false }
    do throws(EngineError) { work.speech = try speak(&work) } catch {
      fail(work, SpeechRefusal(error))
      return false
    }
    guard work.encoder.waitsForChild else { return deliver(&work) }
    state.put(work)
    let isQueued = encoders.submit(.waitedFor) { [self] in
      guard !isOver, var work = state.claim() else { return }
      if deliver(&work) { scheduler.queue(self) }
    }
    if !isQueued, let work = state.claim() { fail(work, .full) }
    return false
  }

  /// Makes the next sentence, with the pause behind it.
  private func speak(_ work: inout Progress) throws(EngineError) -> PCMBuffer {
    let sentence = work.sentences[work.next]
    let speech = try synthesizer.speak(sentence, voice: order.voice, ratePercent: order.ratePercent)
    let characters = work.charactersWritten[work.next]
    usage.add(synthesized: characters, .microseconds(speech.microseconds))
    let isJoined = work.next + 1 == work.sentences.count || sentence.delivery.pauseAfter != nil
    let whole = isJoined ? speech : speech.followedByPause
    work.spoken = (work.spoken.characters + characters, work.spoken.microseconds + whole.microseconds)
    return whole
  }

  /// Encodes the sentence that was made, and sends it.
  /// - Parameter work: gives its place back before anything is sent: whoever has read it may ask for more at once.
  /// - Returns: whether the next one is wanted at once: there is nothing to send yet.
  private func deliver(_ work: inout Progress) -> Bool {
    guard let speech = work.speech else { preconditionFailure("a sentence is made before it is sent") }
    let isLast = work.next + 1 == work.sentences.count
    var bytes: [UInt8]
    do throws(EngineError) { bytes = try work.encoder.bytes(of: speech, isLast: isLast) } catch {
      fail(work, SpeechRefusal(error))
      return false
    }
    work.speech = nil
    work.next += 1
    if bytes.isEmpty, !isLast {  // a format that comes in one piece
      state.put(work)
      return true
    }
    if order.streamFormat == .events {
      bytes = SpeechEvents.deltas(bytes)
      if isLast { bytes += SpeechEvents.done(work.spoken.characters, .microseconds(work.spoken.microseconds)) }
    }
    let (reply, piece) = (work.reply, work.piece)
    work.reply = nil
    work.piece = nil
    work.place = nil
    state.put(work)
    if let piece { piece.send(bytes, isLast: isLast) } else if let reply { send(reply, bytes, isLast: isLast) }
    return false
  }

  /// Answers with what is wrong. Behind the first piece an event says it, and a file is cut off: dropping the piece cuts the connection, so that
  /// nobody takes half a text for the whole.
  private func fail(_ work: Progress, _ refusal: SpeechRefusal) {
    if let reply = work.reply { return reply.send(refusal.response(order.shape)) }
    if order.streamFormat == .events { work.piece?.send(SpeechEvents.failed(refusal), isLast: true) }
  }

  func expire() {
    if let work = state.claim() { fail(work, .expired) }
  }

  func pieceWanted(_ piece: HTTPPiece) {
    let place = scheduler.reserveNextSlot(for: client)
    state.change {
      $0.piece = piece
      $0.place = place
    }
    scheduler.queue(self)
  }

  func clientGone() { state.abandon() }

  private func send(_ reply: HTTPReply, _ bytes: [UInt8], isLast: Bool) {
    let headers =
      order.streamFormat == .events
      ? EventStreamReply.headers : [("content-type", order.format.contentType), ("cache-control", "no-store")]
    let response = HTTPResponse(status: 200, headers: headers, body: bytes)
    if isLast { reply.send(response) } else { reply.stream(response, from: self) }
  }
}
