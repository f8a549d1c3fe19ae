import TestSupport
import CallDriver
import WebSockets
import Threads

/// An order system on a free port of this machine, for flows that call a tool.
final class OrderService: Sendable {
  /// What it does with order 4711 and the like.
  enum Mood: Sendable { case answers, fails, hangs, babbles, moved(String) }

  private let service: DoubledService
  /// Paths that were asked for.
  let asked: Probe<[String]>

  init(_ mood: Mood) throws {
    asked = Probe([])
    service = try DoubledService("order desk", Handler(mood: mood, asked: asked))
  }

  var url: String { service.url }

  private final class Handler: HTTPHandler {
    let mood: Mood
    let asked: Probe<[String]>
    /// Those that wait for an answer for ever; without them they would be answered 500.
    private let waiting = Locked<[HTTPReply]>([])

    init(mood: Mood, asked: Probe<[String]>) {
      self.mood = mood
      self.asked = asked
    }

    func respond(to request: HTTPRequest, reply: HTTPReply) {
      asked.change { $0.append(request.path) }
      switch mood {
      case .answers:
        let body = #"{"order": {"status": "shipped", "address": [{"city": "Bergen"}]}}"#
        reply.send(HTTPResponse(status: 200, contentType: "application/json", text: body))
      case .fails: reply.send(.problem(status: 500, detail: "the order system is down"))
      case .moved(let url): reply.send(HTTPResponse(status: 302, headers: [("location", url)]))
      case .hangs: waiting.withLock { $0.append(reply) }
      case .babbles: reply.send(HTTPResponse(status: 200, contentType: "application/json", text: "{not json"))
      }
    }
  }
}
