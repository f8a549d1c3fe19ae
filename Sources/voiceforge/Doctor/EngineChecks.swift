import CallCore
import CallDriver
import Engines

/// The files of the speech engines, and whether they can be loaded.
enum EngineChecks {
  /// - Parameter needed: the parts that a node of this role loads; the files of others are worth knowing.
  static func files(in folder: EngineFolder, needed: Set<EnginePart>) -> DoctorSection {
    let checks = EngineInspection.inspect(folder).filter { !$0.path.isEmpty }.map { found in
      DoctorCheck(
        name: found.name, state: found.isFound ? .fine : isNeeded(found.part, needed) ? .missing : .note,
        detail: found.isFound ? found.version ?? "" : found.bytes == nil ? "missing" : "empty or not readable",
        path: found.path, bytes: found.isFound ? found.bytes : nil, remedy: found.remedy)
    }
    return DoctorSection(title: "Speech engines in \(folder.path)", folder: folder.path + "/", checks: checks)
  }

  /// Libraries belong to no part: recognition and the neural voices share them.
  private static func isNeeded(_ part: EnginePart?, _ needed: Set<EnginePart>) -> Bool {
    part.map { $0 != .manyVoices && needed.contains($0) } ?? needed.contains(.recognizer)
  }

  /// Loads `parts`, which takes about a second for all.
  static func loading(_ parts: Set<EnginePart>, from folder: EngineFolder) -> DoctorSection {
    let engines = ProgressLine.during("loading the speech engines …") {
      EngineCatalog(folder: folder, parts: parts)
    }
    let checks = engines.readiness.map { part in
      let name = EnginePart(rawValue: part.name).map(title) ?? part.name
      return part.state == .ready
        ? DoctorCheck(name: name, detail: "can be used")
        : DoctorCheck(
          name: name, state: part.isNeeded ? .missing : .note, detail: failure(of: part.detail), remedy: "make setup")
    }
    return DoctorSection(title: "Trying them out", checks: checks)
  }

  /// Without the advice to run this very command.
  private static func failure(of detail: String) -> String {
    String(detail.prefix { $0 != ";" })
  }

  private static func title(_ part: EnginePart) -> String {
    switch part {
    case .recognizer: "Recognition"
    case .neuralVoices: "Neural voices"
    case .manyVoices: "eSpeak NG voices"
    case .detector: "Speech detection"
    }
  }
}
