import Simulation
import Threads

/// Writes the sound of each call as soon as the call is over, so that a run takes no more memory the more calls it has. Safe to use from several
/// threads at once.
final class CallSoundFolder: Sendable {
  private let path: String
  /// Why the first sound that could not be written was not.
  private let fault = Locked<CommandFault?>(nil)

  /// - Parameter path: of the folder, which is made for the first call with sound.
  init(_ path: String) { self.path = path }

  /// Writes a WAV file and its labels, and leaves of the sound what reports draw.
  /// - Returns: false once something could not be written: the run need not go on.
  func store(_ result: inout CaseResult) -> Bool {
    guard let tracks = result.evidence.tracks else { return true }
    result.evidence.outline = SoundOutline(tracks)
    result.evidence.tracks = nil
    do throws(CommandFault) {
      try ReportFolder.check(path)
      try ReportFolder.write(CallSound.wav(of: tracks), "\(path)/\(result.fileName).wav")
      try ReportFolder.write(Array(AudacityLabels.text(of: result).utf8), "\(path)/\(result.fileName).txt")
    } catch {
      fault.withLock { $0 = $0 ?? error }
      return false
    }
    return true
  }

  /// - Throws: why something could not be written, if so.
  func check() throws(CommandFault) {
    if let fault = fault.withLock({ $0 }) { throw fault }
  }
}
