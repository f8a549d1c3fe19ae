import CallCore
import CallDriver
import WebSockets
import Threads

/// Matches a voice to a recording.
final class VoiceMatchJob: SpeechJob {
  /// Keeps the voice that was found by a matching that is over, and makes the answer.
  typealias Keeping = @Sendable (_ shape: VoiceShape, _ matching: VoiceMatching) -> HTTPResponse

  private struct Progress {
    var matching: VoiceMatching
    let reply: HTTPReply
  }

  private let recognizer: any SpeechRecognizer
  private let synthesizer: any SpeechSynthesizer
  private let sounds: any SoundFormats
  private let place: SpeechSlot
  private let keep: Keeping
  private let state: SpeechJobState<Progress>

  init(
    _ matching: VoiceMatching, speechAPI: SpeechAPIContext, reply: HTTPReply, place: SpeechSlot,
    keep: @escaping Keeping
  ) throws(SpeechRefusal) {
    recognizer = try speechAPI.recognizer()
    synthesizer = try speechAPI.synthesizer()
    guard synthesizer.takesShapes else {
      throw SpeechRefusal(503, "the neural voice is missing", retryAfterSeconds: 60)
    }
    sounds = speechAPI.sounds
    self.place = place
    self.keep = keep
    state = SpeechJobState(Progress(matching: matching, reply: reply))
    state.watch(reply)
  }

  var isOver: Bool { state.isGone }

  func step() -> Bool {
    guard var work = state.claim() else { return false }
    do throws(MatchingFault) {
      let shape = try work.matching.step(recognizer: recognizer, synthesizer: synthesizer, sounds: sounds)
      guard let shape else {
        state.put(work)
        return true
      }
      work.reply.send(keep(shape, work.matching))
    } catch {
      work.reply.send(SpeechRefusal(error).response(.problem))
    }
    return false
  }

  func expire() { state.claim()?.reply.send(SpeechRefusal.expired.response(.problem)) }
}

extension SpeechRefusal {
  /// Why a voice cannot be matched.
  init(_ fault: MatchingFault) {
    switch fault {
    case .recording(let why): self.init(400, why)
    case .engine(let error): self.init(error)
    }
  }
}
