import CallCore

/// The loudness of a track as an outline.
enum WaveEnvelope {
  /// Samples of one column: 20 ms.
  static let columnSamples = CallTracks.sampleRate / 50
  /// Full scale, in units of the picture.
  static let height = 60

  /// Height of each column, 0 … `height`: the square root of the largest sample, which brings quiet speech into view.
  static func columns(of samples: [Int16]) -> [Int] {
    stride(from: 0, to: samples.count, by: columnSamples).map { start in
      let peak = samples[start..<min(start + columnSamples, samples.count)].reduce(0) { max($0, abs(Int($1))) }
      return Int((Double(min(peak, 32_767)) / 32_767).squareRoot() * Double(height))
    }
  }

  /// The outline as path data: a column is one unit wide and grows upwards from `height`, or downwards from 0.
  static func path(of columns: [Int], up isUp: Bool) -> String {
    let sign = isUp ? -1 : 1
    var path = "M0 \(isUp ? height : 0)"
    var previous = 0
    var flat = 0
    for column in columns {
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
