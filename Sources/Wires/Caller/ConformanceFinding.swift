/// Something that an agent's side did and that its wire does not allow.
public struct ConformanceFinding: Sendable, Equatable {
  /// What kind.
  public enum Code: Sendable, Hashable {
    /// By the number that Twilio's debugger has for it; other providers complain of the same things in other words.
    case number(Int)
    /// By a name of our own, such as `late-audio`.
    case name(String)

    /// The bot closed the connection.
    public static let closed = Code.number(31921)
    /// The bot does not read what it is sent: audio of the caller was dropped.
    public static let slowReader = Code.number(31930)
    /// More than ten minutes of audio, or more marks than that can need, wait to be played; what came on top was dropped.
    public static let queueFull = Code.number(31931)
    /// A binary message where text belongs.
    public static let binary = Code.number(31950)
    /// A message that is no JSON, of an unknown kind, with a member missing or too many, or for another stream.
    public static let badMessage = Code.number(31951)
  }

  /// Which.
  public var code: Code
  /// What exactly, for people.
  public var text: String
  /// Bytes that the agent's side had sent before it; `nil` when it was found after the call.
  public var offset: Int?

  /// - Parameter offset: bytes of the agent's messages before the one that is meant.
  public init(_ code: Code, _ text: String, at offset: Int?) {
    (self.code, self.text, self.offset) = (code, text, offset)
  }
}

extension ConformanceFinding.Code: CustomStringConvertible {
  /// The number or the name.
  public var description: String {
    switch self {
    case .number(let number): String(number)
    case .name(let name): name
    }
  }
}

/// The findings of one call: each code is told once, as by a provider.
struct ConformanceLog {
  private(set) var findings: [ConformanceFinding] = []

  mutating func note(_ code: ConformanceFinding.Code, at offset: Int, _ text: @autoclosure () -> String) {
    guard !findings.contains(where: { $0.code == code }) else { return }
    findings.append(ConformanceFinding(code, text(), at: offset))
  }

  /// What the agent said did not fit in a `PlayoutQueue`.
  mutating func noteQueueFull(_ code: ConformanceFinding.Code, at offset: Int) {
    note(code, at: offset, "more than 10 minutes of audio, or \(PlayoutQueue.marksMax) marks, wait")
  }
}
