import CallCore
import CallDriver
import ChildProcesses
import Threads

/// The child that runs eSpeak NG: the only process that calls its functions. Texts of strangers end it (1.51 ends itself on some text of at
/// most 300 characters in every language, such as 85 times `A.`), and nothing but it.
enum EspeakService {
  /// Its name among the kinds of children.
  static let name = "espeak-ng"

  /// A sentence takes 4.5 ms of CPU, 500 characters up to 50 ms, and the start 30 ms. Two minutes of speech have 5.3 MB.
  static let limits = ChildLimits(
    cpuMillisecondsMax: 2000, idleMillisecondsMax: 3000, answerMillisecondsMax: 60_000, memoryBytesMax: 1 << 30,
    requestBytesMax: 1 << 16, answerBytesMax: 8 << 20)

  /// Serves until the program that started it is gone.
  static func run() -> Never {
    // A library that cannot be opened says so in its answers.
    ChildService.run(limits: limits, start: { _ = EspeakLibrary.shared }) { bytes in
      response(to: EngineMessage(bytes).flatMap(EspeakRequest.init)).message.bytes
    }
  }

  private static func response(to request: EspeakRequest?) -> EspeakResponse {
    do throws(EngineError) {
      let library = try EspeakLibrary.shared.get()
      switch request {
      case .description: return .description(library.description)
      case .speech(let text, let voice, let style):
        return .speech(try library.speak(text, voice: voice, style: style))
      case .phonemes(let clauses, let voice):
        var phonemes: [String] = []
        for clause in clauses { phonemes.append(try library.phonemes(of: clause, voice: voice)) }
        return .phonemes(phonemes)
      case nil: return .failure(.unsupported("a request that the child does not know"))
      }
    } catch {
      return .failure(error)
    }
  }
}
