import FoundationEssentials
import Glibc
import Stores

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
  func exitProcess() -> Never {
    Terminal.errorLine("voiceforge: \(description)")
    exitCode.exitProcess()
  }
}

/// What a command tells its caller by its exit code.
enum ExitStatus: Int32 {
  case passed = 0
  /// A call, a check, a test case or a threshold failed, or an engine did.
  case failed = 1
  /// Wrong usage or input.
  case wrongInput = 2
  /// The result is invalid.
  case invalid = 3
  /// The target could not be reached.
  case unreachable = 4

  func exitProcess() -> Never { Self.exitProcess(rawValue) }

  /// Ends the process at once, without the libraries' own clearing up: a thread that still loads an engine would be using what
  /// they take away, and crash.
  ///
  /// A command that went well and whose output could not be written has failed.
  static func exitProcess(_ code: Int32) -> Never {
    fflush(nil)
    guard let fault = TerminalOutput.fault else { _exit(code) }
    Terminal.errorLine("voiceforge: \(fault)")
    _exit(code == passed.rawValue ? failed.rawValue : code)
  }
}

extension CommandFault {
  /// What could not be written: a place that does not take it is wrong input, anything else (a full disk) a failure.
  /// - Parameters:
  ///   - name: a path, or what else is written to.
  ///   - remedy: what else to name, such as `another folder with --report`.
  init(writing name: String, _ fault: ByteFile.Fault, else remedy: String = "another file") {
    switch fault.code {
    case ENOSPC, EDQUOT:
      self.init("cannot write \(name): \(fault); free some space there, or name \(remedy)", .failed)
    case EFBIG:
      self.init("cannot write \(name): \(fault); raise the limit of `ulimit -f`, or name \(remedy)", .failed)
    case EACCES, EPERM, EROFS, ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP:
      self.init("cannot write \(name): \(fault); name \(remedy)")
    default:
      self.init("cannot write \(name): \(fault); name \(remedy)", .failed)
    }
  }
}

extension CommandFault {
  /// What a database could not do: what a person can mend is wrong input, anything else a target that cannot be reached.
  init(database fault: DatabaseFault) {
    let remedy =
      switch fault.kind {
      case .badAddress: "correct DATABASE_URL or --database"
      case .refused: "correct the user, the password or the database's name in DATABASE_URL or --database"
      case .unfit, .newerSchema, .statement: ""
      case .unreachable, .tooSlow, .lost: "is the server running?"
      }
    self.init(
      "the database cannot be used: \(fault)\(remedy.isEmpty ? "" : "; \(remedy)")",
      fault.needsOperator ? .wrongInput : .unreachable)
  }
}
