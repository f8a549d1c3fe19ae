/// Something that a bot did and that its provider would have complained about, by the code that Twilio has for it.
public struct ConformanceFinding: Sendable, Equatable {
  /// The codes of Twilio's debugger; other providers complain of the same things in other words.
  public enum Code: Int, Sendable, CaseIterable {
    /// The bot closed the connection.
    case closed = 31921
    /// The bot does not read what it is sent: audio of the caller was dropped.
    case slowReader = 31930
    /// More than ten minutes of audio, or more marks than that can need, wait to be played; what came on top was dropped.
    case queueFull = 31931
    /// A binary message where text belongs.
    case binary = 31950
    /// A message that is no JSON, of an unknown kind, with a member missing or too many, or for another stream.
    case badMessage = 31951
  }

  /// Which.
  public var code: Code
  /// What exactly, for people.
  public var text: String
  /// Bytes that the bot had sent before it.
  public var offset: Int

  /// - Parameter offset: bytes of the bot's messages before the one that is meant.
  public init(_ code: Code, _ text: String, at offset: Int) {
    (self.code, self.text, self.offset) = (code, text, offset)
  }
}

/// The findings of one stream: each code is told once, as by the provider.
struct ConformanceLog {
  private(set) var findings: [ConformanceFinding] = []

  mutating func note(_ code: ConformanceFinding.Code, at offset: Int, _ text: @autoclosure () -> String) {
    guard !findings.contains(where: { $0.code == code }) else { return }
    findings.append(ConformanceFinding(code, text(), at: offset))
  }
}
