import CallCore
import CallDriver
import Engines
import Simulation

/// Recordings that cases play, as they are sent to other machines, which read no file of this one.
enum SentSounds {
  /// Every recording that a case plays, as a WAV file by its path.
  static func files(of cases: [TestCase]) throws(CommandFault) -> [String: [UInt8]] {
    var (sounds, bytes) = ([String: [UInt8]](), 0)
    for path in Set(cases.flatMap(\.recordings)).sorted() {
      do throws(CallFailure) { sounds[path] = WAVFile.bytes(try CaseFiles.sound(at: path)) } catch {
        throw CommandFault("\(error)")
      }
      bytes += sounds[path]?.count ?? 0
    }
    guard bytes <= ChunkQueueLimits.filesBytesMax else {
      throw CommandFault(
        "the recordings of these cases have \(bytes / 1_000_000) MB, and other machines are sent at most "
          + "\(ChunkQueueLimits.filesBytesMax / 1_000_000): run fewer cases at once")
    }
    return sounds
  }

  /// One of them on the other machine.
  static func sound(_ path: String, of files: [String: [UInt8]]) throws(CallFailure) -> PCMBuffer {
    guard let bytes = files[path] else { throw .callerEngine("the run brought no recording \(path)") }
    do { return try WAVFile(parsing: bytes).audio } catch { throw .callerEngine("\(path): \(error)") }
  }
}

extension TestCase {
  /// Paths of the recordings that its call plays.
  fileprivate var recordings: [String] {
    let played = turns.compactMap { turn in
      switch turn.action {
      case .play(let file, _): file
      case .hold(let music, _): music
      default: nil
      }
    }
    let worlds = [world] + (vary?.properties.flatMap { $0.values.map(\.world) } ?? [])
    return played
      + worlds.compactMap { world in
        if case .recording(let path) = world.noise?.sort { path } else { nil }
      }
  }
}
