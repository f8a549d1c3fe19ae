import CallCore

/// Sum and number of squares in stretches of a track.
struct TrackPower {
  private(set) var sum = 0
  private(set) var count = 0

  /// - Parameter spans: what lies beyond the track's end is not counted.
  init(of track: [Int16], in spans: [SpeechSpan]) {
    track.withUnsafeBufferPointer { samples in
      for span in spans {
        let first = min(max(Self.position(of: span.start), 0), samples.count)
        let end = max(min(Self.position(of: span.end), samples.count), first)
        sum += SpeechFinder.energy(of: UnsafeBufferPointer(rebasing: samples[first..<end]))
        count += end - first
      }
    }
  }

  /// Mean square, 0 … 2³⁰; 0 of nothing.
  var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// Sample at an instant.
  static func position(of instant: Timestamp) -> Int {
    Int(instant.microseconds * Int64(CallTracks.sampleRate) / 1_000_000)
  }
}
