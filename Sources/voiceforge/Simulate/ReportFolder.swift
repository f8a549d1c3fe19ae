import FoundationEssentials
import Glibc
import Simulation

/// Writes the reports of a run.
enum ReportFolder {
  /// Makes the folder, and finds out early whether something can be written into it, so that no call is placed in vain.
  /// - Throws: `CommandFault` when that cannot be done.
  static func check(_ folder: String) throws(CommandFault) {
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw CommandFault(
        "cannot make the folder \(folder) (\(CommandFault.cause(error))); name another one with --report")
    }
    guard access(folder, W_OK) == 0 else {
      let why = String(cString: strerror(errno))
      throw CommandFault("cannot write into \(folder) (\(why)); name another folder with --report")
    }
  }

  /// Writes `report.json`, `junit.xml`, `index.html`, and for each call with sound a WAV and its labels.
  static func write(_ run: SimulationRun, to folder: String) throws(CommandFault) {
    try write(JSONReport.bytes(of: run), "\(folder)/report.json")
    try write(Array(JUnitReport.text(of: run).utf8), "\(folder)/junit.xml")
    try write(Array(HTMLReport.text(of: run, soundFolder: "calls").utf8), "\(folder)/index.html")
    guard run.results.contains(where: { $0.evidence.tracks != nil }) else { return }
    try check("\(folder)/calls")
    for result in run.results {
      guard let tracks = result.evidence.tracks else { continue }
      try write(CallSound.wav(of: tracks), "\(folder)/calls/\(result.fileName).wav")
      try write(Array(AudacityLabels.text(of: result).utf8), "\(folder)/calls/\(result.fileName).txt")
    }
  }

  private static func write(_ bytes: [UInt8], _ path: String) throws(CommandFault) {
    do throws(ByteFile.Fault) { try ByteFile.write(bytes, named: path) } catch {
      throw CommandFault(writing: path, error, else: "another folder with --report")
    }
  }
}
