import CallDriver
import Foundation
import Threads

/// A speech service that says it is there, and does with every other request what a test tells it.
final class SpeechDouble: Sendable {
  /// One `POST`.
  struct Request: Sendable {
    let head: String
    let body: [UInt8]

    var path: String { head.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
  }

  private let target: ScriptedTarget
  private let kept: Locked<[Request]>

  /// - Parameter script: answers a request; the connection is closed when it returns.
  init(_ script: @escaping @Sendable (Request, ScriptedLine) -> Void) {
    let kept = Locked<[Request]>([])
    self.kept = kept
    target = ScriptedTarget { line in
      guard let head = line.readRequest() else { return }
      guard head.hasPrefix("POST ") else {
        let isModels = head.hasPrefix("GET /v1/models ")
        return line.respond(
          isModels ? 200 : 404, headers: "content-type: application/json\r\n",
          body: isModels ? #"{"object": "list", "data": []}"# : #"{"error": {"message": "Not Found"}}"#)
      }
      let request = Request(head: head, body: line.readBody(of: head))
      kept.withLock { $0.append(request) }
      script(request, line)
    }
  }

  var url: String { "http://127.0.0.1:\(target.port)" }
  /// Every `POST` so far.
  var requests: [Request] { kept.withLock { $0 } }
}
