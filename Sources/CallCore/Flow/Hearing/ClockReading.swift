/// Hour and minute as they were said, before it is known which half of the day they belong to.
struct ClockReading: Equatable {
  private let hour: Int
  private let minute: Int
  /// The hour counts from midnight; nothing is to be guessed.
  private let isLiteral: Bool

  /// `nil` for what no clock shows.
  init?(hour: Int, minute: Int, isLiteral: Bool) {
    guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
    self.hour = hour
    self.minute = minute
    self.isLiteral = isLiteral || hour > 12 || hour == 0
  }

  /// `15:30`, as it stands.
  var text: String { ClockReading.text(hour, minute) }

  /// `15:30`, with the part of the day that was said, or the guess that `SpokenTime` describes. `nil` for 15:30 in the morning.
  func text(in part: PartOfDay?) -> String? {
    guard !isLiteral else { return part == .morning && hour > 12 ? nil : text }
    return ClockReading.text(part.map { $0.hour(hour) } ?? (hour <= 7 ? hour + 12 : hour), minute)
  }

  private static func text(_ hour: Int, _ minute: Int) -> String {
    (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
  }
}
