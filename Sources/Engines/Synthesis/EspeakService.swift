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
      response(to: EspeakMessage(bytes).flatMap(EspeakRequest.init)).message.bytes
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

/// The children that engines run in: this very program, told so by its arguments.
public enum EngineChild {
  /// The first argument of a child. Hidden from people: it speaks with nobody but its program.
  public static let command = "child"
  /// The product, in whose folder programs look that cannot be their own children: tests and tools.
  private static let product = "voiceforge"

  /// Whether this program can be its own child.
  private static let isOffered = Locked(false)

  /// Becomes a child, and never returns, when `arguments` ask for it. Must be called before anything else by a program that is to be its own
  /// child. Others use the product in their folder.
  ///
  /// - Parameter arguments: without the program's name.
  public static func runIfAsked(_ arguments: some Collection<String>) {
    isOffered.withLock { $0 = true }
    let arguments = Array(arguments)
    guard arguments.count == 2, arguments[0] == command else { return }
    if arguments[1] == EspeakService.name { EspeakService.run() }
    if let use = FFmpegService.Use(rawValue: arguments[1]) { FFmpegService.run(use) }
  }

  /// How a child of this kind is started.
  static func executable(_ kind: String) -> ChildExecutable {
    let isOwn = isOffered.withLock { $0 }
    let path = isOwn ? ChildExecutable.thisProgram : ChildExecutable.beside(product) ?? product
    return ChildExecutable(path: path, arguments: [command, kind])
  }
}
