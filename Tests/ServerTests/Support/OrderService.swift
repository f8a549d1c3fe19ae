import TestSupport
import CallDriver
import WebSockets
import Threads

/// An order system on a free port of this machine, for flows that call a tool.
final class OrderService: Sendable {
  /// What it does with order 4711 and the like.
  enum Mood: Sendable { case answers, fails, hangs, babbles, moved(String) }

  private let loop: ServiceLoop
  private let acceptor: Acceptor
  /// Paths that were asked for.
  let asked: Probe<[String]>

  init(_ mood: Mood) throws {
    asked = Probe([])
    var configuration = ServiceLoopConfiguration()
    configuration.name = "order desk"
    configuration.httpHandler = Handler(mood: mood, asked: asked)
    loop = ServiceLoop(configuration: configuration) { QuietLoopHandler() }
    acceptor = try Acceptor(control: loop, media: [])
    try loop.start()
    try acceptor.start()
  }

  deinit {
    acceptor.stopAccepting()
    loop.stop()
  }

  var url: String { "http://127.0.0.1:\(acceptor.port)" }

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
