import CallCore
import CallDriver
import CallWire
import WebSockets
import Threads

/// Speaks a text sentence by sentence: the next one is made when the client has taken the one before. While the client reads, the job
/// has no place in the scheduler, so that slow readers keep nobody from being served.
final class SynthesisJob: SpeechJob, HTTPBodySource {
  /// What is to be spoken, and how.
  struct Order {
    var text: String
    var voice: Voice.ID
    var format: SpeechFormat
    var ratePercent: Int
    /// How errors are written.
    var shape: SpeechRefusal.Shape
  }

  private struct Progress {
    var sentences: [String]
    var next = 0
    let encoder: SpeechEncoder
    /// Where the sentence goes: first an answer, then pieces of it.
    var reply: HTTPReply?
    var piece: HTTPPiece?
    var place: SpeechSlot?
  }

  private let order: Order
  private let pace: PacedSpeech
  private let synthesizer: any SpeechSynthesizer
  private let scheduler: SpeechScheduler
  private let stream: SpeechSlot
  private let client: SpeechClient
  private let usage: UsageMeter
  /// `nil` while a thread works on it.
  private let progress: Locked<Progress?>
  private let isGone = Locked(false)

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
    pace = PacedSpeech(ratePercent: order.ratePercent)
    let sentences = SpokenParagraph.pieces(of: order.text)
    guard !sentences.isEmpty else { throw .unsupported("text without words") }
    progress = Locked(
      Progress(
        sentences: sentences, encoder: try SpeechEncoder(order.format, sounds: sounds), reply: reply,
        place: place))
  }

  /// Queues the first sentence.
  func begin(watching reply: HTTPReply) {
    reply.watch { [weak self] in self?.clientGone() }
    scheduler.queue(self)
  }

  var isOver: Bool { isGone.withLock { $0 } }

  func step() -> Bool {
    guard var work = take() else { return false }
    let isLast = work.next + 1 == work.sentences.count
    let bytes: [UInt8]
    do throws(EngineError) {
      let speech = try pace.speak(work.sentences[work.next], voice: order.voice, by: synthesizer)
      usage.add(synthesized: work.sentences[work.next], .microseconds(speech.microseconds))
      bytes = try work.encoder.bytes(of: speech, isLast: isLast)
    } catch {
      // Without an answer the piece is dropped, which cuts the connection: half a text is not the whole.
      work.reply?.send(SpeechRefusal(error).response(order.shape))
      return false
    }
    work.next += 1
    let (reply, piece) = (work.reply, work.piece)
    work.reply = nil
    work.piece = nil
    work.place = nil
    progress.withLock { $0 = work }
    if let piece { piece.send(bytes, isLast: isLast) } else if let reply { answer(reply, bytes, isLast: isLast) }
    return false
  }

  func expire() {
    take()?.reply?.send(SpeechRefusal.expired.response(order.shape))
  }

  func pieceWanted(_ piece: HTTPPiece) {
    let place = scheduler.takePlaceAgain(for: client)
    progress.withLock {
      $0?.piece = piece
      $0?.place = place
    }
    scheduler.queue(self)
  }

  func clientGone() { isGone.withLock { $0 = true } }

  private func take() -> Progress? {
    progress.withLock { progress in
      defer { progress = nil }
      return progress
    }
  }

  private func answer(_ reply: HTTPReply, _ bytes: [UInt8], isLast: Bool) {
    let headers = [("content-type", order.format.contentType), ("cache-control", "no-store")]
    let response = HTTPResponse(status: 200, headers: headers, body: bytes)
    if isLast { reply.send(response) } else { reply.stream(response, from: self) }
  }
}
