import CallCore

/// What reports draw of a call's sound, once the sound itself lies in a file: 100 bytes for each second of it in place of 96 KB.
public struct SoundOutline: Sendable, Equatable {
  /// Of both sides of the sound file, the longer one.
  let frames: Int
  /// Heights of the columns of each side, 0 … `WaveEnvelope.height`, one for `WaveEnvelope.columnSamples`.
  let microphone: [UInt8]
  /// See `microphone`.
  let agent: [UInt8]

  /// What `tracks` look like.
  public init(_ tracks: CallTracks) {
    frames = CallSound.frames(of: tracks)
    microphone = WaveEnvelope.columns(of: tracks.microphone)
    agent = WaveEnvelope.columns(of: tracks.agent)
  }
}

extension CallEvidence {
  /// Whether there is sound, here or elsewhere.
  var hasSound: Bool { tracks != nil || outline != nil }

  /// Of the sound file; 0 without sound.
  var soundFrames: Int { tracks.map(CallSound.frames) ?? outline?.frames ?? 0 }

  /// What is drawn of the sound; `nil` without any. Worked out each time where the sound is still here.
  var drawnSound: SoundOutline? { tracks.map(SoundOutline.init) ?? outline }
}

/// The loudness of a track as an outline.
enum WaveEnvelope {
  /// Samples of one column: 20 ms.
  static let columnSamples = CallTracks.sampleRate / 50
  /// Full scale, in units of the picture.
  static let height = 60

  /// Height of each column, 0 … `height`: the square root of the largest sample, which brings quiet speech into view.
  static func columns(of samples: [Int16]) -> [UInt8] {
    stride(from: 0, to: samples.count, by: columnSamples).map { start in
      let peak = samples[start..<min(start + columnSamples, samples.count)].reduce(0) { max($0, abs(Int($1))) }
      return UInt8((Double(min(peak, 32_767)) / 32_767).squareRoot() * Double(height))
    }
  }

  /// The outline as path data: a column is one unit wide and grows upwards from `height`, or downwards from 0.
  static func path(of columns: [UInt8], up isUp: Bool) -> String {
    let sign = isUp ? -1 : 1
    var path = "M0 \(isUp ? height : 0)"
    var previous = 0
    var flat = 0
    for column in columns.lazy.map(Int.init) {
      if column != previous {
        if flat > 0 { path += "h\(flat)" }
        path += "v\((column - previous) * sign)"
        previous = column
        flat = 0
      }
      flat += 1
    }
    if flat > 0 { path += "h\(flat)" }
    return path + "V\(isUp ? height : 0)Z"
  }
}
