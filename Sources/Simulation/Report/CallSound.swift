import CallCore
import CallDriver

/// A call as a sound file.
public enum CallSound {
  /// Both sides as a WAV file: 16 kHz, 16 bit, stereo; the caller's microphone left, the agent as the caller heard it right. The
  /// shorter side ends in silence.
  public static func wav(of tracks: CallTracks) -> [UInt8] {
    var both = [Int16](repeating: 0, count: frames(of: tracks) * 2)
    for (index, sample) in tracks.microphone.enumerated() { both[index * 2] = sample }
    for (index, sample) in tracks.agent.enumerated() { both[index * 2 + 1] = sample }
    return WAVFile.bytes(samples: both, channels: 2, sampleRate: CallTracks.sampleRate)
  }

  /// Size of that file with so many frames: 44 bytes of head and 64 KB for each second.
  static func wavBytes(frames: Int) -> Int { 44 + frames * 4 }

  static func frames(of tracks: CallTracks) -> Int { max(tracks.microphone.count, tracks.agent.count) }
}

/// Which calls can be listened to in the page, so that it stays a page.
package struct SoundChoice {
  /// Most sound in one page, in bytes of WAV: 8 minutes of calls. As text it is a third more, and a browser opens a page of 43 MB
  /// within a few seconds.
  package static let bytesMax = 32_000_000

  /// Places in the run's results.
  private let chosen: Set<Int>

  /// All calls if they fit; otherwise those that failed or are invalid, in the order of the run, each that still fits.
  package init(_ run: SimulationRun) {
    let sizes = run.results.map { $0.evidence.hasSound ? CallSound.wavBytes(frames: $0.evidence.soundFrames) : 0 }
    let isWhole = sizes.reduce(0, +) <= Self.bytesMax
    var chosen: Set<Int> = []
    var total = 0
    for (place, result) in run.results.enumerated() where result.evidence.hasSound {
      guard isWhole || (result.verdict != .passed && total + sizes[place] <= Self.bytesMax) else { continue }
      chosen.insert(place)
      total += sizes[place]
    }
    self.chosen = chosen
  }

  /// Whether the result at `place` has its sound in the page.
  package func holds(_ place: Int) -> Bool { chosen.contains(place) }
}

/// Bytes as text of the 64 letters of RFC 4648, section 4.
package enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Four letters for three bytes, `=` where the last three are not whole.
  package static func text(of bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      let group = (0..<3).reduce(0) { $0 << 8 | ($1 < count ? Int(bytes[start + $1]) : 0) }
      for place in 0..<4 {
        text.append(place <= count ? letters[group >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
