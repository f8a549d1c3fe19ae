import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import Logging
import WebSockets

/// What REST says about flows of nodes, in the predecessor's shapes. Blocks: runs on the blocking pool. A key sees its own alone.
struct NodeFlowController: RouteController {
  let request: RouteRequest
  private let flows: any TelephonyResourceStore<NodeFlow>

  private var service: FlowService { server.flowService }

  init?(request: RouteRequest) {
    guard let flows = request.context.server.flowService.nodeFlows else { return nil }
    (self.request, self.flows) = (request, flows)
  }

  static func unavailable(_ request: RouteRequest) -> HTTPResponse {
    .nodeFlowError(404, "this server keeps no flows of nodes")
  }

  func list() throws(StoreError) -> HTTPResponse {
    .json(JSONObject.array(try flows.all(of: request.owner).map(document)))
  }

  func one() throws(StoreError) -> HTTPResponse {
    guard let flow = try own() else { return missing }
    return .json(document(flow))
  }

  func nodes() throws(StoreError) -> HTTPResponse {
    guard let flow = try own() else { return missing }
    return .json(Self.nodes(of: flow))
  }

  func edges() throws(StoreError) -> HTTPResponse {
    guard let flow = try own() else { return missing }
    return .json(Self.edges(of: flow))
  }

  func add() throws(StoreError) -> HTTPResponse {
    let body: NodeFlowRequest
    do throws(WireFault) { body = try NodeFlowRequest(parsing: request.http.body, isNew: true) } catch {
      return .nodeFlowError(error)
    }
    var flow = NodeFlow(
      id: Self.makeID(), owner: request.owner, name: "", createdAtUnixMicroseconds: APIKeyService.now.unixMicroseconds)
    body.apply(to: &flow)
    switch try flows.add(flow) {
    case .full: return .nodeFlowError(507, "there is no room for more flows; delete one first")
    case .done, .taken, .missing, .unchanged: break
    }
    serve()
    return .json(document(flow), status: 201, location: "/api/agent-flows/\(flow.id)")
  }

  func change() throws(StoreError) -> HTTPResponse {
    let body: NodeFlowRequest
    do throws(WireFault) { body = try NodeFlowRequest(parsing: request.http.body, isNew: false) } catch {
      return .nodeFlowError(error)
    }
    guard let flow = try update({ body.apply(to: &$0) }) else { return missing }
    return .json(document(flow))
  }

  /// All nodes at once. Edges stay as they are, since the page sends them next.
  func replaceNodes() throws(StoreError) -> HTTPResponse {
    let body: NodeListRequest
    do throws(WireFault) { body = try NodeListRequest(parsing: request.http.body) } catch {
      return .nodeFlowError(error)
    }
    guard let flow = try update({ $0.nodes = body.nodes }) else { return missing }
    return .json(Self.nodes(of: flow))
  }

  func replaceEdges() throws(StoreError) -> HTTPResponse {
    let body: EdgeListRequest
    do throws(WireFault) { body = try EdgeListRequest(parsing: request.http.body) } catch {
      return .nodeFlowError(error)
    }
    guard let flow = try update({ $0.edges = body.edges(among: $0.nodes) }) else { return missing }
    return .json(Self.edges(of: flow))
  }

  func remove() throws(StoreError) -> HTTPResponse {
    guard try own() != nil else { return missing }
    let others = service.flows(transferringTo: request[.id]).filter { service.isVisible($0, to: request.owner) }
    guard others.isEmpty else {
      return .nodeFlowError(
        409, "callers are handed over to it by \(others.joined(separator: ", ")): change that first")
    }
    guard try flows.remove(id: request[.id]) == .done else { return missing }
    serve()
    return .json(.success)
  }

  /// Has the language model write one. Nothing is kept.
  func generate(_ reply: HTTPReply) {
    let question: NodeFlowQuestion
    do throws(WireFault) { question = try NodeFlowQuestion(parsing: request.http.body) } catch {
      return reply.send(.nodeFlowError(error.code == .messageTooLarge ? 413 : 400, error.message))
    }
    do throws(SpeechRefusal) {
      let model = try server.chat.configuredModel()
      try checkTokenBudget()
      let job = NodeFlowJob(
        question, to: model, reply: reply, slot: try server.chat.reserve(),
        usage: UsageMeter(counter: server.usage, key: request.key), log: server.log)
      job.begin()
    } catch {
      reply.send(error.modelChatResponse)
    }
  }

  // MARK: - Parts

  /// A UUID that begins with a letter, since it is the name of a flow, too.
  private static func makeID() -> String {
    while true {
      let id = UUID().uuidString.lowercased()
      if id.first?.isLetter == true { return id }
    }
  }

  private func own() throws(StoreError) -> NodeFlow? {
    try flows.one(id: request[.id]).flatMap { $0.owner == request.owner ? $0 : nil }
  }

  /// - Returns: the flow as it is then; `nil`: the key has none of that id.
  private func update(_ change: (inout NodeFlow) -> Void) throws(StoreError) -> NodeFlow? {
    guard try own() != nil else { return nil }
    var changed: NodeFlow?
    let now = APIKeyService.now.unixMicroseconds
    _ = try flows.update(id: request[.id]) { flow in
      change(&flow)
      flow.updatedAtUnixMicroseconds = now
      changed = flow
      return true
    }
    if changed != nil { serve() }
    return changed
  }

  /// Lets new calls have what is kept now. What is kept stays kept where that fails: it is tried again soon.
  private func serve() {
    do throws(StoreError) {
      if try service.refresh() { server.warmPrompts() }
    } catch {
      server.log.error("flows of nodes were changed and cannot be served yet: \(error)")
    }
  }

  private func document(_ flow: NodeFlow) -> JSONObject { .nodeFlow(flow, faults: service.nodeFaults(of: flow.id)) }

  private static func nodes(of flow: NodeFlow) -> [UInt8] {
    JSONObject.array(flow.nodes.map { .node($0, of: flow) })
  }

  private static func edges(of flow: NodeFlow) -> [UInt8] {
    JSONObject.array(flow.edges.map { .edge($0, of: flow) })
  }

  private var missing: HTTPResponse { .nodeFlowError(404, "there is no flow \(request[.id]) of this key") }
}

extension NodeFlowRequest {
  fileprivate func apply(to flow: inout NodeFlow) {
    if let name { flow.name = name }
    if let description { flow.description = description }
    if let configuration { flow.configuration = configuration }
  }
}

extension HTTPResponse {
  /// An error in the predecessor's shape.
  static func nodeFlowError(_ status: Int, _ message: String) -> HTTPResponse {
    .json(JSONObject { $0.field("error", message) }, status: status)
  }

  /// What is wrong with a body.
  static func nodeFlowError(_ fault: WireFault) -> HTTPResponse {
    switch fault.code {
    case .messageTooLarge: nodeFlowError(413, fault.message)
    case .malformedJSON, .tooDeep: nodeFlowError(400, fault.message)
    default: nodeFlowError(422, fault.message)
    }
  }
}
