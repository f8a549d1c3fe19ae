import CallCore
import CallDriver
import Formats
import JSON
import Threads
import WebSockets

/// Transcribes a recording: finds the speech on the blocking pool, and has the recogniser hear it in parts of at most 10 s.
final class TranscriptionJob: SpeechJob {
  private struct Progress {
    var sound = PCMBuffer(sampleRate: SoundReader.sampleRate, samples: [])
    var parts: [Range<Int>] = []
    var next = 0
    var transcript = Transcript(duration: .zero)
  }

  private let recognizer: any SpeechRecognizer
  private let scheduler: SpeechScheduler
  private let place: SpeechSlot
  private let usage: UsageMeter
  private let reply: TranscriptReply
  private let hasWordTimes: Bool
  private let state: SpeechJobState<Progress>

  /// - Parameters:
  ///   - reply: where the words go.
  ///   - hasWordTimes: whether each word gets a time.
  init(
    by recognizer: any SpeechRecognizer, reply: TranscriptReply, scheduler: SpeechScheduler, place: SpeechSlot,
    usage: UsageMeter, hasWordTimes: Bool
  ) {
    self.recognizer = recognizer
    self.scheduler = scheduler
    self.place = place
    self.usage = usage
    self.reply = reply
    self.hasWordTimes = hasWordTimes
    state = SpeechJobState(Progress())
    let state = state
    reply.whenGone { [weak state] in state?.abandon() }
  }

  var isOver: Bool { state.isGone }

  /// Finds the speech in `sound`, and queues the first part. Called on the blocking pool.
  func begin(_ sound: PCMBuffer, detector: any SpeechDetector) {
    guard !isOver, var work = state.claim() else { return }
    let stretches: [Range<Int>]
    do throws(EngineError) { stretches = try SpeechStretches(detector: detector).find(in: sound.samples) } catch {
      return reply.refuse(SpeechRefusal(error))
    }
    work.sound = sound
    work.transcript.duration = .microseconds(sound.microseconds)
    work.parts = stretches.flatMap { stretch in
      SegmentSplitter.split(Array(sound.samples[stretch])).map {
        ($0.lowerBound + stretch.lowerBound)..<($0.upperBound + stretch.lowerBound)
      }
    }
    guard !work.parts.isEmpty else { return reply.end(work.transcript) }
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
        reply.add(text, isFirst: work.transcript.segments.isEmpty)
        work.transcript.segments.append(segment(text, work.sound.samples[part]))
      }
    } catch {
      reply.refuse(SpeechRefusal(error))
      return false
    }
    work.next += 1
    if work.next == work.parts.count {
      reply.end(work.transcript)
      return false
    }
    state.put(work)
    return true
  }

  func expire() {
    if state.claim() != nil { reply.refuse(.expired) }
  }

  private func segment(_ text: String, _ samples: ArraySlice<Int16>) -> Transcript.Segment {
    let words = hasWordTimes ? WordTimes.estimate(text, in: samples) : []
    return Transcript.Segment(
      start: Self.instant(samples.startIndex), end: Self.instant(samples.endIndex), text: text,
      words: words.map { word, range in
        .init(start: Self.instant(range.lowerBound), end: Self.instant(range.upperBound), text: word)
      })
  }

  private static func instant(_ sample: Int) -> CallDuration {
    .microseconds(Int64(sample) * 1_000_000 / Int64(SoundReader.sampleRate))
  }
}

/// Where the words of a transcription go: into one answer, or into events as they come.
enum TranscriptReply: Sendable {
  /// `write` makes the answer.
  case whole(HTTPReply, SpeechRefusal.Shape, write: @Sendable (Transcript) -> HTTPResponse)
  /// In OpenAI's shape.
  case events(EventStreamReply)

  /// Has `giveUp` called when the client goes.
  func whenGone(_ giveUp: @escaping @Sendable () -> Void) {
    switch self {
    case .whole(let reply, _, _): reply.watch(giveUp)
    case .events(let reply): reply.whenGone(giveUp)
    }
  }

  /// The words of one more passage.
  func add(_ text: String, isFirst: Bool) {
    guard case .events(let reply) = self else { return }
    reply.send(JSONObject.transcriptDelta(isFirst ? text : " " + text).json)
  }

  /// All words.
  func end(_ transcript: Transcript) {
    switch self {
    case .whole(let reply, _, let write): reply.send(write(transcript))
    case .events(let reply): reply.end(JSONObject.transcriptDone(transcript.text).json)
    }
  }

  /// What is wrong: an answer, or an event where there were some already.
  func refuse(_ refusal: SpeechRefusal) {
    switch self {
    case .whole(let reply, let shape, _): reply.send(refusal.response(shape))
    case .events(let reply): reply.end(refusal.response(.openAI), orEvent: refusal.fault.json)
    }
  }
}
