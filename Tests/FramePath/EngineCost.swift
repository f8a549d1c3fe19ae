import CallCore
import CallDriver
import Engines
import Glibc
import LoadTest
import SampleCases
import Simulation

/// What the engines alone cost for the calls of a usual load, without a server around them: the caller's packets decoded, the detector
/// asked while the caller speaks and for as long as its gate stays open, and each turn recognised once. The agent's sentences
/// cost nothing: a load plays them from the cache.
struct EngineCost {
  /// Nanoseconds of CPU for one second of a call in which nobody speaks.
  private(set) var silence = 0.0
  /// The same for one turn, beside the silence: mean over the turns of the sample bookings that are spoken.
  private(set) var turn = 0.0

  /// Frames of silence that are decoded for the first figure.
  private static let silentFrames = 5000

  private let recognizer: any SpeechRecognizer
  private let detector: any SpeechDetector
  private let decoder: any AudioDecoder
  private let frame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: 320)

  /// Measures; takes some seconds.
  init(folder: EngineFolder) throws {
    let engines = EngineCatalog(folder: folder)
    recognizer = try engines.recognizer()
    detector = try engines.makeDetector()
    decoder = try engines.codecs.makeDecoder(FrameLine.format)
    frame.initialize(repeating: 0)
    defer { frame.deallocate() }
    let recorder = CallerRecorder(engines: engines, today: "2026-03-02") { _ throws(CallFailure) in
      throw .callerEngine("a booking plays no recording")
    }
    let recordings = try ["book/tomorrow", "book/friday", "book/monday"].map {
      try recorder.recorded(of: SampleCases.one($0), seed: 1)
    }
    silence =
      try Self.nanoseconds { try decode(recordings[0].idle, frames: Self.silentFrames) } / Double(Self.silentFrames)
      * 50
    let turns = recordings.flatMap { $0.turns.compactMap { $0 } }
    for speech in turns { try append(speech) }  // the models are warm afterwards
    turn = try Self.nanoseconds { for speech in turns { try append(speech) } } / Double(turns.count)
  }

  private func decode(_ speech: EncodedSpeech, frames: Int) throws {
    for index in 0..<frames { _ = try decode(speech, at: index % speech.packetCount) }
  }

  private func decode(_ speech: EncodedSpeech, at index: Int) throws -> Int {
    var result = Result<Int, EngineError>.success(0)
    speech.withPacket(index) { packet in
      result = Result { () throws(EngineError) in try decoder.decode(packet, into: frame) }
    }
    return try result.get()
  }

  /// Does for a turn what the engines do for it in a call. Its frames are decoded anew, which a call's silence counts already: that
  /// makes the engines dearer, by one part in a hundred.
  private func append(_ speech: EncodedSpeech) throws {
    var samples: [Int16] = []
    for index in 0..<speech.packetCount {
      let count = try decode(speech, at: index)
      samples += frame[..<count]
    }
    let words = try recognizer.transcribe(samples)
    guard !words.isEmpty else { throw EngineError.unsupported("a turn in which no words were heard") }
    // What follows the last word while the gate is open and the turn is not over.
    samples += [Int16](repeating: 0, count: EnergyGate.hangoverFrames * frame.count)
    try samples.withUnsafeBufferPointer { sound in
      for start in stride(
        from: 0, to: sound.count - SpeechDetectorWindow.samples, by: SpeechDetectorWindow.samples)
      {
        _ = try detector.probability(
          of: UnsafeBufferPointer(rebasing: sound[start..<start + SpeechDetectorWindow.samples]))
      }
    }
  }

  /// CPU of this process, all threads, while `work` runs.
  private static func nanoseconds(_ work: () throws -> Void) rethrows -> Double {
    let begin = clock
    try work()
    return clock - begin
  }

  private static var clock: Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) * 1e9 + Double(now.tv_nsec)
  }
}
