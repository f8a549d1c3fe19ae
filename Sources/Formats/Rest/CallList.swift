public import CallCore
public import JSON

/// What `GET /api/calls` answers: one page of the history.
public struct CallList: Sendable, JSONDocument {
  /// The page.
  public var page: CallPage

  /// - Parameter page: from the store.
  public init(_ page: CallPage) { self.page = page }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("calls", page.calls) { writer, call in
      let record = call.record
      writer.object { writer in
        writer.field("id", record.id)
        writer.field("flow", record.flow)
        writer.field("startedAt", UTCTime.text(unixMicroseconds: record.startedAtUnixMicroseconds))
        writer.field("durationMs", record.duration.milliseconds)
        writer.field("turns", record.turns)
        writer.field("reason", record.reason?.rawValue)
        writer.field("outcome", record.outcome.isEmpty ? nil : record.outcome)
        writer.field("hasRecording", call.hasRecording)
        writer.field("latencyP50Ms", call.turnLatencyP50?.milliseconds)
      }
    }
    writer.field("nextCursor", page.nextCursor)
  }
}

/// What `POST /api/call-tokens` answers; `Rest.md` lists the members.
public struct CallTokenDocument: Sendable, JSONDocument {
  private let token: String
  private let expiresInSeconds: Int

  /// - Parameters:
  ///   - token: goes into the query of the call's address, once.
  ///   - expiresInSeconds: how long it is good.
  public init(token: String, expiresInSeconds: Int) {
    self.token = token
    self.expiresInSeconds = expiresInSeconds
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("token", token)
    writer.field("expiresInSeconds", expiresInSeconds)
  }
}
