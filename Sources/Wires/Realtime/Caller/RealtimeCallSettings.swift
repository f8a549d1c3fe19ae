public import CallCore

/// What a caller of a Realtime server asks for.
public struct RealtimeCallSettings: Sendable, Equatable {
  /// For `session.update`; `nil`: the server's own.
  public var instructions: String?
  /// How audio travels, both ways: linear at 24 kHz, or G.711 at 8 kHz.
  public var format = Self.pcm
  /// Who speaks first.
  public var greeting = Greeting.auto
  /// What the agent may call, by name.
  public var tools: [String: Tool] = [:]

  /// Linear samples, 24,000 a second: the protocol knows no other rate.
  public static let pcm = AudioFormat(codec: .pcm16, sampleRate: 24_000)
  /// µ-law, as telephone gateways use it.
  public static let pcmu = AudioFormat(codec: .mulaw, sampleRate: 8000)
  /// A-law, likewise.
  public static let pcma = AudioFormat(codec: .alaw, sampleRate: 8000)

  /// Whether the agent is asked to speak first.
  public enum Greeting: String, Sendable, CaseIterable {
    /// If it has not begun by itself 2 s after the session was up, and the caller says nothing.
    case auto
    /// As soon as the session is up.
    case ask
    /// Never: it begins by itself, or waits for the caller.
    case none
  }

  /// A tool of the caller's side, as a program that embeds the agent would have it.
  public struct Tool: Sendable, Equatable {
    /// What it is for, for the model; empty with empty `parameters`: it is not declared, and the server knows it already.
    public var description = ""
    /// JSON schema of its arguments, as JSON; empty: none.
    public var parameters = ""
    /// What a call of it gives; `nil`: an error.
    public var output: String?

    /// - Parameter parameters: a JSON object.
    public init(description: String = "", parameters: String = "", output: String? = nil) {
      (self.description, self.parameters, self.output) = (description, parameters, output)
    }
  }

  /// The server's own instructions, linear audio, no tools.
  public init() {}
}
