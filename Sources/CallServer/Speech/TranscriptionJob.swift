import CallCore
import CallDriver
import Wires
import Formats
import WebSockets
import Threads

/// Transcribes a recording: finds the speech on the blocking pool, and has the recogniser hear it in parts of at most 10 s.
final class TranscriptionJob: SpeechJob {
  private struct Progress {
    var sound = PCMBuffer(sampleRate: SoundReader.sampleRate, samples: [])
    var parts: [Range<Int>] = []
    var next = 0
    var transcript = Transcript(duration: .zero)
    var reply: HTTPReply
  }

  private let recognizer: any SpeechRecognizer
  private let scheduler: SpeechScheduler
  private let place: SpeechSlot
  private let usage: UsageMeter
  private let shape: SpeechRefusal.Shape
  private let write: @Sendable (Transcript) -> HTTPResponse
  private let state: SpeechJobState<Progress>

  /// - Parameters:
  ///   - shape: how errors are written.
  ///   - write: makes the answer.
  init(
    by recognizer: any SpeechRecognizer, reply: HTTPReply, scheduler: SpeechScheduler, place: SpeechSlot,
    usage: UsageMeter, shape: SpeechRefusal.Shape, write: @escaping @Sendable (Transcript) -> HTTPResponse
  ) {
    self.recognizer = recognizer
    self.scheduler = scheduler
    self.place = place
    self.usage = usage
    self.shape = shape
    self.write = write
    state = SpeechJobState(Progress(reply: reply))
    state.watch(reply)
  }

  var isOver: Bool { state.isGone }

  /// Finds the speech in `sound`, and queues the first part. Called on the blocking pool.
  func begin(_ sound: PCMBuffer, detector: any SpeechDetector) {
    guard !isOver, var work = state.claim() else { return }
    let stretches: [Range<Int>]
    do throws(EngineError) { stretches = try SpeechStretches(detector: detector).find(in: sound.samples) } catch {
      return work.reply.send(SpeechRefusal(error).response(shape))
    }
    work.sound = sound
    work.transcript.duration = .microseconds(sound.microseconds)
    work.parts = stretches.flatMap { stretch in
      SegmentSplitter.split(Array(sound.samples[stretch])).map {
        ($0.lowerBound + stretch.lowerBound)..<($0.upperBound + stretch.lowerBound)
      }
    }
    guard !work.parts.isEmpty else { return work.reply.send(write(work.transcript)) }
    state.put(work)
    scheduler.queue(self)
  }

  func step() -> Bool {
    guard var work = state.claim() else { return false }
    let part = work.parts[work.next]
    do throws(EngineError) {
      let text = try recognizer.transcribe(Array(work.sound.samples[part]))
      usage.add(recognized: Self.instant(part.count))
      if !text.isEmpty {
        work.transcript.segments.append(
          .init(start: Self.instant(part.lowerBound), end: Self.instant(part.upperBound), text: text))
      }
    } catch {
      work.reply.send(SpeechRefusal(error).response(shape))
      return false
    }
    work.next += 1
    if work.next == work.parts.count {
      work.reply.send(write(work.transcript))
      return false
    }
    state.put(work)
    return true
  }

  func expire() { refuse(.expired) }

  /// Answers with what is wrong.
  func refuse(_ refusal: SpeechRefusal) { state.claim()?.reply.send(refusal.response(shape)) }

  private static func instant(_ sample: Int) -> CallDuration {
    .microseconds(Int64(sample) * 1_000_000 / Int64(SoundReader.sampleRate))
  }
}
