import FoundationEssentials
import Glibc

/// Why a command cannot do what was asked: a sentence for the person at the terminal, and the exit code.
struct CommandFault: Error, CustomStringConvertible {
  let description: String
  let exitCode: ExitStatus

  init(_ description: String, _ exitCode: ExitStatus = .wrongInput) {
    self.description = description
    self.exitCode = exitCode
  }

  /// Why Foundation could not do something with a file, in the system's words rather than as a value of Swift.
  static func cause(_ error: any Error) -> String {
    guard let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code else { return "\(error)" }
    return String(cString: strerror(code.rawValue))
  }

  /// Says it on standard error and ends the process.
  func leave() -> Never {
    Terminal.note("voiceforge: \(description)")
    exitCode.leave()
  }
}
