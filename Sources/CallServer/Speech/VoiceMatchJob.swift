import CallCore
import CallDriver
import WebSockets
import Threads

/// Matches a voice to a recording.
final class VoiceMatchJob: SpeechJob {
  private struct Progress {
    var matching: VoiceMatching
    let reply: HTTPReply
  }

  private let recognizer: any SpeechRecognizer
  private let synthesizer: any SpeechSynthesizer
  private let sounds: any SoundFormats
  private let place: SpeechSlot
  private let keep: @Sendable (_ shape: VoiceShape, _ pitchHz: Double) -> HTTPResponse
  /// `nil` while a thread works on it, and when it was answered.
  private let progress: Locked<Progress?>
  private let isGone = Locked(false)

  /// - Parameter keep: keeps the voice, and makes the answer.
  init(
    _ matching: VoiceMatching, speechAPI: SpeechAPIContext, reply: HTTPReply, place: SpeechSlot,
    keep: @escaping @Sendable (_ shape: VoiceShape, _ pitchHz: Double) -> HTTPResponse
  ) throws(SpeechRefusal) {
    recognizer = try speechAPI.recognizer()
    synthesizer = try speechAPI.synthesizer()
    guard synthesizer.takesShapes else {
      throw SpeechRefusal(503, "the neural voice is missing", retryAfterSeconds: 60)
    }
    sounds = speechAPI.sounds
    self.place = place
    self.keep = keep
    progress = Locked(Progress(matching: matching, reply: reply))
    reply.watch { [weak self] in self?.isGone.withLock { $0 = true } }
  }

  var isOver: Bool { isGone.withLock { $0 } }

  func step() -> Bool {
    guard var work = claimProgress() else { return false }
    do throws(MatchingFault) {
      let shape = try work.matching.step(recognizer: recognizer, synthesizer: synthesizer, sounds: sounds)
      guard let shape else {
        progress.withLock { $0 = work }
        return true
      }
      work.reply.send(keep(shape, work.matching.pitchHz))
    } catch {
      work.reply.send(SpeechRefusal(error).response(.problem))
    }
    return false
  }

  func expire() { claimProgress()?.reply.send(SpeechRefusal.expired.response(.problem)) }

  private func claimProgress() -> Progress? {
    progress.withLock { progress in
      defer { progress = nil }
      return progress
    }
  }
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
