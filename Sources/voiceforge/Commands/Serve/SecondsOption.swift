import ArgumentParser

/// Seconds as an option takes them: `10` or `10s`.
struct SecondsOption: ExpressibleByArgument, CustomStringConvertible {
  let seconds: Int

  init(seconds: Int) { self.seconds = seconds }

  /// - Returns: `nil` for anything but digits, with or without an `s`.
  init?(argument: String) {
    guard let seconds = Int(argument.hasSuffix("s") ? String(argument.dropLast()) : argument) else { return nil }
    self.init(seconds: seconds)
  }

  var description: String { "\(seconds)s" }
}
