import CallDriver
import WebSockets

/// Who answers a route, and on which thread.
struct RouteHandler: Sendable {
  /// A method of a controller that answers at once.
  typealias Answer<Controller> = @Sendable (Controller) -> () throws(StoreError) -> HTTPResponse
  /// A method of a controller that answers later, or piece by piece.
  typealias Reply<Controller> = @Sendable (Controller) -> (HTTPReply) -> Void

  /// Where it runs.
  enum Place {
    /// On the control loop: it must be quick.
    case loop
    /// On the blocking pool: it may wait for a store.
    case blockingPool
    /// On the blocking pool, too; whoever is turned away hears what a full queue of the speech engines says.
    case speech
  }

  let place: Place
  private let answer: @Sendable (RouteRequest, HTTPReply) -> Void

  /// Answers on the control loop.
  static func onLoop<C: RouteController>(_ answer: @escaping Answer<C>) -> RouteHandler { Self(.loop, answer) }
  /// Answers on the control loop, or sees to it that somebody else does.
  static func onLoop<C: RouteController>(_ reply: @escaping Reply<C>) -> RouteHandler { Self(.loop, reply) }
  /// Answers on the blocking pool.
  static func blocking<C: RouteController>(_ answer: @escaping Answer<C>) -> RouteHandler {
    Self(.blockingPool, answer)
  }
  /// Begins its answer on the blocking pool.
  static func blocking<C: RouteController>(_ reply: @escaping Reply<C>) -> RouteHandler { Self(.blockingPool, reply) }
  /// Answers on the blocking pool what belongs to speech.
  static func speech<C: RouteController>(_ answer: @escaping Answer<C>) -> RouteHandler { Self(.speech, answer) }
  /// Begins its answer on the blocking pool; a worker of the speech engines may end it.
  static func speech<C: RouteController>(_ reply: @escaping Reply<C>) -> RouteHandler { Self(.speech, reply) }

  private init<C: RouteController>(_ place: Place, _ answer: @escaping Answer<C>) {
    self.place = place
    self.answer = { request, reply in
      guard let controller = C(request: request) else { return reply.send(C.unavailable(request)) }
      do throws(StoreError) { reply.send(try answer(controller)()) } catch { reply.send(.problem(error)) }
    }
  }

  private init<C: RouteController>(_ place: Place, _ answer: @escaping Reply<C>) {
    self.place = place
    self.answer = { request, reply in
      guard let controller = C(request: request) else { return reply.send(C.unavailable(request)) }
      answer(controller)(reply)
    }
  }

  /// Has the request answered where that belongs; what finds no place there is turned away.
  func handle(_ request: RouteRequest, _ reply: HTTPReply) {
    guard place != .loop else { return answer(request, reply) }
    let server = request.context.server
    let refusal = server.requestPool.submit(from: server.peer(of: request.http)) { answer(request, reply) }
    if let refusal { reply.send(place == .speech ? SpeechRefusal.full.response(request.route.errors) : refusal) }
  }
}

/// Handlers of one area; made for each request.
protocol RouteController: Sendable {
  /// What is to be answered.
  var request: RouteRequest { get }

  /// `nil` on a server that has not what the area is about.
  init?(request: RouteRequest)

  /// What is said then.
  static func unavailable(_ request: RouteRequest) -> HTTPResponse
}

extension RouteController {
  static func unavailable(_ request: RouteRequest) -> HTTPResponse { .unrouted(request.http) }

  var server: ServerContext { request.context.server }
}

/// A request whose route is found and whose key is good for it.
struct RouteRequest: Sendable {
  /// As it came.
  let http: HTTPRequest
  let route: Route
  /// What stands in the path for the parameters of the route.
  let arguments: [PathParameter: String]
  /// Id of the key that it came with; `nil` where there are none.
  let key: String?
  let context: RestContext

  /// - Precondition: the pattern of the route has `parameter`.
  subscript(parameter: PathParameter) -> String {
    guard let value = arguments[parameter] else { preconditionFailure("\(route.path) has no \(parameter)") }
    return value
  }

  /// First value of the query item `name`.
  func queryValue(_ name: String) -> String? { http.queryValue(name) }
}

/// What the handlers of all routes work on.
struct RestContext: Sendable {
  let server: ServerContext
  /// To read their figures.
  let media: [ServiceLoop]
  let speechAPI: SpeechAPIContext
  /// `nil` on a server without test cases.
  let testRuns: TestRunQueue?
  /// `nil` on a server that places no telephone calls.
  let phoneRuns: PhoneRunQueue?
  /// `nil` on a server that runs no load tests.
  let loads: LoadTestService?
}
