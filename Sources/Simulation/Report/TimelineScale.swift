import CallCore

/// Where a moment of a call lies in its picture, in per cent of the width, so that the picture can be stretched.
struct TimelineScale {
  /// What the whole width shows; more than nothing.
  let duration: CallDuration

  /// A place, such as `12.345%`; within the picture.
  func place(_ at: Timestamp) -> String { share(at - .zero) }

  /// A width, such as `3.210%`.
  func share(_ span: CallDuration) -> String {
    let whole = max(duration.microseconds, 1)
    let thousandths = Int(min(max(span.microseconds, 0), whole) * 100_000 / whole)
    return "\(thousandths / 1000).\(ReportText.padded(thousandths % 1000, 3))%"
  }

  /// Seconds between the marks of the ruler: so many that the whole call shown at once on a desk, about 1,100 pixels, leaves 32 for
  /// each time.
  var markSeconds: Int {
    let seconds = Int(duration.microseconds / 1_000_000)
    return [1, 2, 5, 10, 30, 60, 120].first { seconds / $0 <= 34 } ?? 600
  }

  /// How wide a second is drawn at first; a word is then about 15 pixels.
  static let pixelsPerSecond = 40

  /// Width of the whole picture at first, in pixels.
  var pixels: Int { Int(duration.microseconds * Int64(Self.pixelsPerSecond) / 1_000_000) }
}
