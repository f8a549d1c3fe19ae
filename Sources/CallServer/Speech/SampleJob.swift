import CallCore
import CallDriver
import WebSockets
import Threads

/// Makes the sample of one voice.
final class SampleJob: SpeechJob {
  private let voice: Voice
  private let synthesizer: any SpeechSynthesizer
  private let place: SpeechSlot
  private let reply: Locked<HTTPReply?>
  private let isGone = Locked(false)
  private let answer: @Sendable ([UInt8]) -> HTTPResponse

  /// - Parameter answer: keeps the file, and makes the answer.
  init(
    _ voice: Voice, by synthesizer: any SpeechSynthesizer, reply: HTTPReply, place: SpeechSlot,
    answer: @escaping @Sendable ([UInt8]) -> HTTPResponse
  ) {
    self.voice = voice
    self.synthesizer = synthesizer
    self.place = place
    self.reply = Locked(reply)
    self.answer = answer
    reply.watch { [weak self] in self?.isGone.withLock { $0 = true } }
  }

  var isOver: Bool { isGone.withLock { $0 } }

  func step() -> Bool {
    send(sample())
    return false
  }

  func expire() { send(SpeechRefusal.expired.response(.problem)) }

  private func sample() -> HTTPResponse {
    var reason = EngineError.unsupported("there is nothing that \(voice.id) can say")
    for text in SampleText.texts(for: voice) {
      do throws(EngineError) {
        return answer(WAVFile.bytes(try synthesizer.synthesize(text, voice: voice.id)))
      } catch {
        reason = error
      }
    }
    return SpeechRefusal(reason).response(.problem)
  }

  private func send(_ response: HTTPResponse) {
    let reply = reply.withLock { reply in
      defer { reply = nil }
      return reply
    }
    reply?.send(response)
  }
}
