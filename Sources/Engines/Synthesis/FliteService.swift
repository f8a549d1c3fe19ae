import CFlite
import CallCore
import CallDriver
import ChildProcesses
import Glibc
import Threads

/// The child that runs flite: the only process that opens its libraries. A text that ends it fails alone. It has no file, no socket but its own and
/// no other process.
enum FliteService {
  /// Its name among the kinds of children.
  static let name = "flite"

  /// Samples per second of everything it speaks.
  static let sampleRate = 16_000

  /// A sentence takes 50 ms of CPU, 500 characters half a second; at half the rate twice as much. Two minutes of speech have 3.8 MB.
  static let limits = ChildLimits(
    cpuMillisecondsMax: 5000, idleMillisecondsMax: 3000, answerMillisecondsMax: 60_000, memoryBytesMax: 1 << 30,
    requestBytesMax: 1 << 14, answerBytesMax: 8 << 20)

  /// What an answer is.
  enum Kind: Int { case ready, speech, missing, fault }

  /// What is missing; nil when all is here.
  private static let missing: String? = flite_open().map { String(cString: $0) }

  /// Serves until the program that started it is gone.
  static func run() -> Never {
    ChildService.run(limits: limits, isConfined: true, start: { _ = missing }) { bytes in
      response(to: EngineMessage(bytes)).bytes
    }
  }

  /// A request has a text and two numbers: the voice and the rate in per cent; without them it asks whether flite is there.
  private static func response(to request: EngineMessage?) -> EngineMessage {
    if let missing { return EngineMessage(kind: Kind.missing.rawValue, texts: [missing]) }
    guard let request, let text = request.texts.first else { return EngineMessage(kind: Kind.ready.rawValue) }
    guard request.numbers.count == 2, let voice = FliteVoice(exactly: request.numbers[0]),
      SpeakingStyle.range.contains(request.numbers[1])
    else { return EngineMessage(kind: Kind.fault.rawValue, texts: ["a request that the child does not know"]) }
    var samples: UnsafeMutablePointer<Int16>?
    var count: Int32 = 0
    let rate = flite_speak(voice, text, 100 / Float(request.numbers[1]), &samples, &count)
    defer { free(samples) }
    guard rate == Int32(sampleRate) else {
      return EngineMessage(kind: Kind.fault.rawValue, texts: ["flite gave no sound at \(sampleRate) Hz"])
    }
    return EngineMessage(
      kind: Kind.speech.rawValue, samples: Array(UnsafeBufferPointer(start: samples, count: Int(count))))
  }
}

extension FliteVoice {
  fileprivate init?(exactly number: Int) {
    guard (0..<Int(FLITE_VOICES.rawValue)).contains(number) else { return nil }
    self.init(rawValue: UInt32(number))
  }
}
