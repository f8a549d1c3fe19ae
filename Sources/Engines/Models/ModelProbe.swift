import CallCore
import ChildProcesses

/// Tries a model out in a child of its own, which is what is known of files that end the process which loads them: those that sherpa-onnx finds
/// no metadata in, and some that are cut short.
enum ModelProbe {
  /// Its name among the kinds of children.
  static let name = "model-probe"

  /// The largest models in use have some gigabytes and load at 1 GB a second; a sentence takes them seconds.
  static let limits = ChildLimits(
    cpuMillisecondsMax: 120_000, idleMillisecondsMax: 20_000, answerMillisecondsMax: 300_000,
    memoryBytesMax: 16 << 30, requestBytesMax: 1 << 17, answerBytesMax: 1 << 16)

  /// Loads the model, uses it once and waits for that.
  /// - Throws: `.unsupported` with the reason, in the library's own words where it has any.
  static func run(_ model: ModelDescription, folder: EngineFolder) throws(EngineError) {
    let request = ModelProbeRequest(model: model, folder: folder)
    let outcome = ChildProbe.run(request.message.bytes, in: EngineChild.executable(name), limits: limits)
    let said = LibraryLog.reason(in: outcome.errors)
    switch outcome.answer {
    case .success(let bytes):
      guard let answer = EngineMessage(bytes) else {
        throw .unsupported("the trial gave an answer that cannot be read")
      }
      guard let fault = answer.texts.first else { return }
      throw .unsupported(said.map { "\(fault): \($0)" } ?? fault)
    case .failure(let failure):
      if case .ended = failure, let said { throw .unsupported("loading it ends the process: \(said)") }
      throw .unsupported("its trial \(failure)" + (said.map { ": \($0)" } ?? ""))
    }
  }

  /// The child: serves until the program that started it is gone.
  static func serve() -> Never {
    ChildService.run(limits: limits) { bytes in
      guard let request = EngineMessage(bytes).flatMap(ModelProbeRequest.init) else {
        return EngineMessage(kind: 1, texts: ["a request that the child does not know"]).bytes
      }
      do throws(EngineError) {
        try LoadedModel(request.model, folder: request.folder).tryOut(language: request.model.languages.first)
        return EngineMessage(kind: 0).bytes
      } catch {
        return EngineMessage(kind: 1, texts: [told(error, of: request.model)]).bytes
      }
    }
  }

  private static func told(_ error: EngineError, of model: ModelDescription) -> String {
    switch error {
    case .modelUnavailable(let path): "\(path) cannot be loaded"
    case .library: "it does not take or give what a model of the family \(model.family.id) does (\(error))"
    default: error.description
    }
  }
}

/// What libraries write to standard error.
enum LibraryLog {
  /// Longest reason, in characters.
  private static let reasonMax = 300

  /// The first line that tells of a fault, or the last one, without the place in the library's source; nil where nothing was written.
  static func reason(in log: String) -> String? {
    let lines = log.split(whereSeparator: \.isNewline).map(message).filter { $0.contains(where: \.isLetter) }
    let faulty = lines.first { line in faults.contains { line.lowercased().contains($0) } }
    return (faulty ?? lines.last)?.bounded(to: reasonMax)
  }

  private static let faults = [
    "error", "fail", "does not", "not exist", "invalid", "unknown", "unsupported", "what():",
  ]

  /// `/project/…/offline-tts-vits-model.cc:Init:117 'comment' does not exist` without its first word.
  private static func message(_ line: Substring) -> String {
    let isPlace = line.hasPrefix("/") && line.prefix { $0 != " " }.contains(/\.(cc|h):.*:[0-9]+$/)
    let rest = isPlace ? line.drop { $0 != " " }.dropFirst() : line
    return String(rest.filter { !$0.isNewline && ($0.unicodeScalars.first?.value ?? 0) >= 32 })
  }
}
