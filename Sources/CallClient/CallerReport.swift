public import CallCore
import JSON
public import WebSockets
public import Wires

/// What a scripted caller brings home.
public struct CallerReport: Sendable {
  /// Why there was no call, or why it broke off.
  public enum Failure: Error, Sendable, Equatable {
    /// The connection never opened.
    case notConnected(WebSocketClientFailure)
    /// The server refused or ended the call with a fatal error.
    case refused(code: String, message: String)
    /// The connection broke before the server ended the call.
    case brokenOff(code: Int, reason: String)
  }

  /// `nil` when the call ran to its end.
  public var failure: Failure?
  /// Why the call ended, as the server says.
  public var reason: CloseReason?
  /// The server's record of it.
  public var record: CallDocument?
  /// The wait in each turn that was answered, measured on the audio.
  public var latencies: [(turn: Int, latency: CallDuration)] = []
  /// Turns of the script that were begun.
  public var turnsBegun = 0

  /// What the agent said, as received: 16 kHz mono from the start of the call, each packet where it was heard.
  public var agentSamples: [Int16] = []
  /// Packets of the agent.
  public var packetsReceived = 0
  /// Those that came over 20 ms after the one before them was played to its end, in mid-utterance: gaps that are heard.
  public var agentPacketsLate = 0

  /// What the caller sent, likewise: 16 kHz mono from the start of the call.
  public var callerSamples: [Int16] = []
  /// Caller packets in all.
  public var packetsSent = 0
  /// Those of them that left over 20 ms late; the caller's own fault.
  public var packetsLate = 0

  /// Nothing happened yet.
  public init() {}
}

extension CallerReport.Failure: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    switch self {
    case .notConnected(.invalidURL(let url)): "\(url) is not the address of a call, such as ws://127.0.0.1:8080/v1/call"
    case .notConnected(.unreachable(let why)): "nobody answers there (\(why))"
    case .notConnected(.timedOut): "the server did not answer in time"
    case .notConnected(.refused(let status, let seconds, let body)):
      "the server refused the call with status \(status)"
        + (seconds.map { ", try again in \($0) s" } ?? "") + (Self.detail(in: body).map { ": \($0)" } ?? "")
    case .refused(_, let message): message
    case .brokenOff(let code, let reason): "the connection broke off (\(code)\(reason.isEmpty ? "" : ", \(reason)"))"
    }
  }

  /// What a problem document (RFC 9457) says; `nil` for anything else.
  static func detail(in body: [UInt8]) -> String? {
    // Something else than our server may answer there: then there is no problem document.
    do throws(JSONFault) { return try JSONValue(parsing: body).text(at: "detail") } catch { return nil }
  }
}

/// What happens in a scripted caller's call, as it happens.
public enum CallerEvent: Sendable {
  /// The server sent this.
  case message(ServerMessage)
  /// The caller begins its turn of this number, counting from 1.
  case began(turn: Int, label: String)
  /// The agent became audible: how long after the end of the caller's last sound, measured here on the audio itself.
  case answered(turn: Int, after: CallDuration)
  /// The call is over.
  case finished(CallerReport)
}
