import CallCore
import CallDriver
import JSON
import Wires
import Formats
import WebSockets

/// What REST says about the history. Blocks: runs on the blocking pool.
struct CallController: RouteController {
  let request: RouteRequest

  /// Filters, limit and cursor as `Wire.md` names them.
  func list() -> HTTPResponse {
    var filter = CallFilter(flow: request.queryValue("flow"), outcome: request.queryValue("outcome"))
    if let name = request.queryValue("reason") {
      guard let reason = CloseReason(rawValue: name) else {
        let known = CloseReason.allCases.map(\.rawValue).joined(separator: ", ")
        return .problem(status: 400, detail: "reason: there is no \(name); there are \(known)")
      }
      filter.reason = reason
    }
    let limit = request.queryValue("limit") ?? "50"
    guard let limit = Int(limit), (1...200).contains(limit) else {
      return .problem(status: 400, detail: "limit: expected 1 to 200, got \(limit)")
    }
    do throws(StoreError) {
      let cursor = request.queryValue("cursor")
      return .json(.calls(try server.store.calls(matching: filter, limit: limit, after: cursor)))
    } catch {
      return answer(error)
    }
  }

  func one() -> HTTPResponse {
    let id = request[.id]
    do throws(StoreError) {
      guard let call = try server.store.call(id: id) else { return missing(id) }
      return .json(CallDocument(call.record, recordingBytes: call.recording?.byteCount).json)
    } catch {
      return answer(error)
    }
  }

  /// Its spans, drawn as text: what stands in the record, without what was said.
  func spans() -> HTTPResponse {
    let id = request[.id]
    do throws(StoreError) {
      guard let call = try server.store.call(id: id) else { return missing(id) }
      let context = SpanContext(parent: nil, trace: TraceID(drawn: 0, 0), seed: 0, isSampled: true)
      let spans = CallSpans(of: call.record, in: context, showsWords: false)
      return HTTPResponse(
        status: 200, contentType: "text/plain; charset=utf-8", text: SpanDrawing.text(of: spans))
    } catch {
      return answer(error)
    }
  }

  /// Both sides as stereo WAV.
  func recording() -> HTTPResponse {
    let id = request[.id]
    do throws(StoreError) {
      guard let call = try server.store.call(id: id) else { return missing(id) }
      guard let recording = call.recording else {
        return .problem(status: 404, detail: "the call \(id) has no recording")
      }
      return server.responseCache.response("recording \(id)") { wav(recording, of: id) }.ranged(by: request.http)
    } catch {
      return answer(error)
    }
  }

  private func wav(_ recording: CallRecording, of id: String) -> HTTPResponse {
    do throws(EngineError) {
      let name = "voiceforge-\(id).wav"
      return HTTPResponse(
        status: 200, headers: [("content-type", "audio/wav"), ("content-disposition", "inline; filename=\"\(name)\"")],
        body: try RecordingRenderer(codecs: server.engines.codecs).wav(recording))
    } catch {
      return answer(.unavailable("the recording cannot be decoded: \(error)"))
    }
  }

  private func missing(_ id: String) -> HTTPResponse {
    .problem(status: 404, detail: "there is no call \(id), or it is not kept any more")
  }

  private func answer(_ error: StoreError) -> HTTPResponse {
    switch error {
    case .badCursor(let cursor):
      .problem(status: 400, detail: "cursor: \(cursor) was not given out here; begin without one")
    case .unavailable(let why): .later(5, "the history cannot be read now: \(why)")
    }
  }
}
