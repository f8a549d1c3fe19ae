package import CallCore
package import JSON

extension JSONObject {
  /// What `GET /api/calls` answers: one page of the history.
  package static func calls(_ page: CallPage) -> JSONObject {
    JSONObject { writer in
      writer.objects("calls", page.calls) { writer, call in
        let record = call.record
        writer.field("id", record.id)
        writer.field("flow", record.flow)
        writer.field("wire", record.wire)
        writer.field("startedAt", instant: record.startedAtUnixMicroseconds)
        writer.field("durationMs", record.duration.milliseconds)
        writer.field("turns", record.turns)
        writer.field("reason", record.reason?.rawValue)
        writer.field("outcome", record.outcome.isEmpty ? nil : record.outcome)
        writer.field("hasRecording", call.hasRecording)
        writer.field("latencyP50Ms", call.turnLatencyP50?.milliseconds)
      }
      writer.field("nextCursor", page.nextCursor)
    }
  }

  /// What `POST /api/call-tokens` answers: a token that goes into the query of the call's address, once.
  package static func callToken(_ token: String, expiresInSeconds: Int) -> JSONObject {
    JSONObject { writer in
      writer.field("token", token)
      writer.field("expiresInSeconds", expiresInSeconds)
    }
  }
}
