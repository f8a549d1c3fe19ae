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
    var ratePercent: Int
    /// How errors are written.
    var shape: SpeechRefusal.Shape

    /// Sound of a character at the usual rate, in bytes: 16 bits at 24 kHz, 14 characters a second.
    private static let characterBytes = 3500

    /// What is held until the first bytes are sent: the text, and the sound of a format that comes in one piece.
    var heldBytes: Int {
      text.utf8.count + (format == .flac ? text.count * Self.characterBytes * 100 / ratePercent : 0)
    }
  }

  private struct Progress {
    var sentences: [SynthesisText]
    /// Characters of what was written, for each sentence: what is said may be longer.
    var charactersWritten: [Int]
    var next = 0
    let encoder: SpeechEncoder
    /// Where the sentence goes: first an answer, then pieces of it.
    var reply: HTTPReply?
    var piece: HTTPPiece?
    var place: SpeechSlot?
  }

  private let order: Order
  private let synthesizer: any SpeechSynthesizer
  private let scheduler: SpeechScheduler
  private let stream: SpeechSlot
  private let client: SpeechClient
  private let usage: UsageMeter
  private let state: SpeechJobState<Progress>

  init(
    _ order: Order, by synthesizer: any SpeechSynthesizer, sounds: any SoundFormats, reply: HTTPReply,
    scheduler: SpeechScheduler, place: SpeechSlot, stream: SpeechSlot, client: SpeechClient, usage: UsageMeter
  ) throws(EngineError) {
    self.order = order
    self.synthesizer = synthesizer
    self.scheduler = scheduler
    self.stream = stream
    self.client = client
    self.usage = usage
    let sentences = try Self.sentences(order)
    state = SpeechJobState(
      Progress(
        sentences: sentences,
        charactersWritten: Self.charactersWritten(order.ssml?.text ?? order.text, of: sentences.map(\.words)),
        encoder: try SpeechEncoder(order.format, sounds: sounds), reply: reply,
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
    let isLast = work.next + 1 == work.sentences.count
    let bytes: [UInt8]
    do throws(EngineError) {
      let sentence = work.sentences[work.next]
      let speech = try synthesizer.speak(sentence, voice: order.voice, ratePercent: order.ratePercent)
      usage.add(synthesized: work.charactersWritten[work.next], .microseconds(speech.microseconds))
      let isJoined = isLast || sentence.delivery.pauseAfter != nil
      bytes = try work.encoder.bytes(of: isJoined ? speech : speech.followedByPause, isLast: isLast)
    } catch {
      // Without an answer the piece is dropped, which cuts the connection: half a text is not the whole.
      work.reply?.send(SpeechRefusal(error).response(order.shape))
      return false
    }
    work.next += 1
    if bytes.isEmpty, !isLast {  // a format that comes in one piece
      state.put(work)
      return true
    }
    let (reply, piece) = (work.reply, work.piece)
    work.reply = nil
    work.piece = nil
    work.place = nil
    state.put(work)
    if let piece { piece.send(bytes, isLast: isLast) } else if let reply { send(reply, bytes, isLast: isLast) }
    return false
  }

  func expire() {
    state.claim()?.reply?.send(SpeechRefusal.expired.response(order.shape))
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
    let headers = [("content-type", order.format.contentType), ("cache-control", "no-store")]
    let response = HTTPResponse(status: 200, headers: headers, body: bytes)
    if isLast { reply.send(response) } else { reply.stream(response, from: self) }
  }
}

/// Writes the sentences of one answer in the format that was asked for.
final class SpeechEncoder {
  /// The lengths of a WAV file that is sent before its end is known, as ffmpeg writes them to a pipe.
  private static let unknownLength: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

  private let format: SpeechFormat
  private let sounds: any SoundFormats
  private var ogg: (any SoundWriter)?
  /// The sentences so far, of a format that comes in one piece.
  private var waiting: [Int16] = []
  private var isBegun = false

  init(_ format: SpeechFormat, sounds: any SoundFormats) throws(EngineError) {
    self.format = format
    self.sounds = sounds
    if format == .opus { ogg = try sounds.makeOggWriter(sampleRate: SpeechFormat.sampleRate) }
  }

  /// - Parameter isLast: no sentence follows.
  /// - Returns: the bytes to send for it; none for a sentence of FLAC that is not the last: that file comes in one piece.
  func bytes(of sentence: PCMBuffer, isLast: Bool) throws(EngineError) -> [UInt8] {
    let speech = try sounds.resample(sentence, to: SpeechFormat.sampleRate)
    defer { isBegun = true }
    switch format {
    case .opus:
      guard let ogg else { preconditionFailure("an encoder for Opus has a writer") }
      let bytes = try ogg.append(speech)
      return isLast ? bytes + (try ogg.finish()) : bytes
    case .mp3: return try sounds.encode(speech, as: .mp3, isWhole: isLast && !isBegun)
    case .aac: return try sounds.encode(speech, as: .aac, isWhole: isLast && !isBegun)
    case .flac:
      waiting += speech.samples
      guard isLast else { return [] }
      let whole = PCMBuffer(sampleRate: speech.sampleRate, samples: waiting)
      waiting = []
      return try sounds.encode(whole, as: .flac, isWhole: true)
    case .pcm: return Self.pcm(speech)
    case .wav:
      if isBegun { return Self.pcm(speech) }
      var bytes = WAVFile.bytes(speech)
      guard !isLast else { return bytes }
      bytes.replaceSubrange(4..<8, with: Self.unknownLength)
      bytes.replaceSubrange(40..<44, with: Self.unknownLength)
      return bytes
    }
  }

  private static func pcm(_ speech: PCMBuffer) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(speech.samples.count * 2)
    for sample in speech.samples {
      let bits = UInt16(bitPattern: sample)
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
    }
    return bytes
  }
}
