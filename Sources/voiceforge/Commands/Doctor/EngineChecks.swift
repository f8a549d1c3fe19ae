import CallCore
import CallDriver
import Engines
import FoundationEssentials
import Glibc

/// The files of the speech engines, and whether they can be loaded.
enum EngineChecks {
  /// - Parameter needed: the parts that a node of this role loads; the files of others are worth knowing.
  static func files(in folder: EngineFolder, needed: Set<EnginePart>) -> DoctorSection {
    let checks = EngineInspection.inspect(folder).filter { !$0.path.isEmpty }.map { found in
      DoctorCheck(
        name: found.name,
        state: found.isFound ? .fine : !found.isOptional && isNeeded(found.part, needed) ? .missing : .note,
        detail: found.isFound ? found.version ?? "" : found.bytes == nil ? "missing" : "empty or not readable",
        path: found.path, bytes: found.isFound ? found.bytes : nil, remedy: found.remedy)
    }
    return DoctorSection(title: "Speech engines in \(folder.path)", folder: folder.path + "/", checks: checks)
  }

  /// Libraries belong to no part: recognition and the neural voices share them.
  private static func isNeeded(_ part: EnginePart?, _ needed: Set<EnginePart>) -> Bool {
    part.map { ![.manyVoices, .fliteVoices].contains($0) && needed.contains($0) } ?? needed.contains(.recognizer)
  }

  /// Loads `parts`, which takes about a second for all.
  static func loading(_ parts: Set<EnginePart>, from folder: EngineFolder, _ models: ModelList) -> [DoctorSection] {
    let engines = ProgressLine.during("loading the speech engines …") {
      EngineCatalog(folder: folder, models: models, parts: parts)
    }
    let (own, builtIn) = engines.readinessByOrigin
    let checks = builtIn.map { part in
      let name = EnginePart(rawValue: part.name).map(title) ?? part.name
      return part.state == .ready
        ? DoctorCheck(name: name, detail: "can be used")
        : DoctorCheck(
          name: name, state: part.isNeeded ? .missing : .note, detail: failure(of: part.detail), remedy: "make setup")
    }
    return [
      DoctorSection(title: "Trying them out", checks: checks + [meaning(in: folder), turns(in: folder), soundFiles()])
    ] + (own.isEmpty ? [] : [DoctorSection(title: "Your own models and voices", checks: own.flatMap(check))])
  }

  /// One line for each fault: of a description there may be several.
  private static func check(_ model: EngineReadiness) -> [DoctorCheck] {
    guard model.state == .failed else { return [DoctorCheck(name: model.name, detail: "can be used")] }
    let lines = model.detail.split(whereSeparator: \.isNewline)
    return lines.map { line in
      DoctorCheck(
        name: model.name, state: .note, detail: String(line), remedy: "mend or remove it; nothing else needs it")
    }
  }

  /// Intents by meaning, which a call can do without.
  private static func meaning(in folder: EngineFolder) -> DoctorCheck {
    let name = "Intents by meaning"
    do throws(EngineError) {
      try MiniLMComparer(folder: folder).prepare(["Hello."])
      return DoctorCheck(name: name, detail: "can be used")
    } catch {
      return DoctorCheck(name: name, state: .note, detail: failure(of: "\(error)"), remedy: "make setup")
    }
  }

  /// Ends of turns by meaning, likewise.
  private static func turns(in folder: EngineFolder) -> DoctorCheck {
    let name = "Ends of turns by meaning"
    do throws(EngineError) {
      _ = try SmartTurnDetector(folder: folder).completeness(of: [])
      return DoctorCheck(name: name, detail: "can be used")
    } catch {
      return DoctorCheck(name: name, state: .note, detail: failure(of: "\(error)"), remedy: "make setup")
    }
  }

  /// Formats other than WAV, which a call can do without. A child says it: the libraries are never opened in this process.
  private static func soundFiles() -> DoctorCheck {
    let name = "Sound files"
    do throws(EngineError) {
      return DoctorCheck(name: name, detail: "can be used (FFmpeg \(try EngineCatalog.ffmpegVersion()))")
    } catch {
      return DoctorCheck(
        name: name, state: .note, detail: "WAV only: \(failure(of: "\(error)"))",
        remedy: "apt-get install \(EngineCatalog.ffmpegPackages)")
    }
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
    case .fliteVoices: "flite voices"
    case .detector: "Speech detection"
    }
  }
}

/// Which of Debian's libraries this process runs with: which file and so which version was found. One that is missing keeps the program
/// from starting at all, but for those that are opened where they are used.
enum LibraryChecks {
  private static let openedWhenUsed = ["libespeak-ng.so.1", "libpq.so.5"]
  private static let libraries = [
    (name: "libwebsockets", file: "libwebsockets.so", package: "libwebsockets-dev"),
    (name: "Opus", file: "libopus.so", package: "libopus-dev"),
    (name: "Ogg", file: "libogg.so", package: "libogg-dev"),
    (name: "SpeexDSP", file: "libspeexdsp.so", package: "libspeexdsp-dev"),
    (name: "eSpeak NG", file: "libespeak-ng.so", package: "libespeak-ng-dev"),
    (name: "libpq", file: "libpq.so", package: "libpq-dev"),
    (name: "RE2", file: "libre2.so", package: "libre2-dev"),
    (name: "KISS FFT", file: "libkissfft-float.so", package: "libkissfft-dev"),
  ]

  static func section() -> DoctorSection {
    for file in openedWhenUsed { _ = dlopen(file, RTLD_LAZY) }
    let loaded = loadedFiles()
    let checks = libraries.map { library in
      if let path = loaded.first(where: { $0.contains("/\(library.file)") }) {
        DoctorCheck(name: library.name, path: path)
      } else {
        DoctorCheck(
          name: library.name, state: .note, detail: "not found among the libraries of this process",
          remedy: "apt-get install \(library.package)")
      }
    }
    return DoctorSection(title: "Debian libraries", checks: checks)
  }

  /// Paths of the files that are mapped into this process (proc(5)).
  private static func loadedFiles() -> Set<String> {
    do throws(ByteFile.Fault) {
      let maps = try ByteFile.read("/proc/self/maps", bytesMax: 1 << 24)
      let lines = String(decoding: maps, as: UTF8.self).split(separator: "\n")
      return Set(lines.compactMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } })
    } catch {
      return []  // without /proc the libraries are shown as not found, which is a note
    }
  }
}
