import CallCore
import Formats
import JSON

extension RouteArea {
  /// Agents as nodes and edges, in the predecessor's shapes.
  static let nodeFlows = RouteArea(
    name: "Flows of nodes",
    about: "Agent flows as nodes and edges, as the predecessor has them. A key sees its own alone.",
    routes: [
      Route(
        "GET /api/agent-flows", "listNodeFlows", "The key's flows of nodes", scope: .read,
        .blocking(NodeFlowController.list),
        answers: [.json(.list(.named("NodeFlow")), "In the order in which they were added."), none]),
      Route(
        "POST /api/agent-flows", "addNodeFlow", "Add a flow of nodes", scope: .manage,
        .blocking(NodeFlowController.add),
        about:
          "It can be called by its id as soon as its nodes and edges are a flow; until then `faults` says what is missing.",
        body: .json(.request(members, required: ["name"]), "The flow.", bytesMax: NodeFlowRequest.bytesMax),
        answers: [
          .json(.named("NodeFlow"), status: 201, "The flow, without any node.", .location), none, notJSON, wrongMember,
          failed(507, "No more can be kept."),
        ]),
      Route(
        "GET /api/agent-flows/{id}", "getNodeFlow", "One flow of nodes", scope: .read,
        .blocking(NodeFlowController.one),
        answers: [.json(.named("NodeFlow"), "The flow."), none]),
      Route(
        "PATCH /api/agent-flows/{id}", "changeNodeFlow", "Change a flow of nodes", scope: .manage,
        .blocking(NodeFlowController.change), about: "Members that are absent stay as they are.",
        body: .json(.request(members, required: []), "What changes.", bytesMax: NodeFlowRequest.bytesMax),
        answers: [.json(.named("NodeFlow"), "The flow."), none, notJSON, wrongMember]),
      Route(
        "DELETE /api/agent-flows/{id}", "deleteNodeFlow", "Remove a flow of nodes", scope: .manage,
        .blocking(NodeFlowController.remove), about: "Calls that are up end on it.",
        answers: [
          .json(.success, "It is gone."), none,
          failed(409, "Other flows hand callers over to it; the error names them."),
        ]),
      Route(
        "GET /api/agent-flows/{id}/nodes", "listNodes", "The nodes of a flow", scope: .read,
        .blocking(NodeFlowController.nodes), answers: [.json(.list(.named("Node")), "All of them."), none]),
      Route(
        "POST /api/agent-flows/{id}/nodes", "replaceNodes", "Replace the nodes of a flow", scope: .manage,
        .blocking(NodeFlowController.replaceNodes),
        about: """
          All nodes that the flow is to have. A node without `id` is called as its `data.id` says, or after its type. Edges stay as they are, also \
          those that lead nowhere then.
          """,
        body: .json(
          .request(["nodes": .list(node, 0...NodeFlow.nodesMax)], required: ["nodes"]), "The nodes.",
          bytesMax: NodeListRequest.bytesMax),
        answers: [.json(.list(.named("Node")), "All of them, with their ids."), none, notJSON, wrongMember]),
      Route(
        "GET /api/agent-flows/{id}/edges", "listEdges", "The edges of a flow", scope: .read,
        .blocking(NodeFlowController.edges), answers: [.json(.list(.named("Edge")), "All of them."), none]),
      Route(
        "POST /api/agent-flows/{id}/edges", "replaceEdges", "Replace the edges of a flow", scope: .manage,
        .blocking(NodeFlowController.replaceEdges), about: "All edges that the flow is to have.",
        body: .json(
          .request(["edges": .list(edge, 0...NodeFlow.edgesMax)], required: ["edges"]), "The edges.",
          bytesMax: EdgeListRequest.bytesMax),
        answers: [.json(.list(.named("Edge")), "All of them, with their ids."), none, notJSON, wrongMember]),
      Route(
        "POST /api/agent-flows/generate", "generateNodeFlow", "Have the language model write a flow of nodes",
        scope: .model, .blocking(NodeFlowController.generate),
        about: """
          It is checked as a flow that is called, and not kept: send it to the routes that add flows, nodes and edges. Of the tools that \
          `configuration` describes the model may use each, and no others; of telephone numbers those of the description.
          """,
        body: .json(
          .request(
            [
              "description": .keptText(1...NodeFlowQuestion.descriptionMax).about("What the agent is for.")
                .example(.string("Takes appointments for a clinic.")),
              "configuration": ownConfiguration,
            ], required: ["description"]), "What is wanted.", bytesMax: NodeFlowQuestion.bytesMax),
        answers: [
          .json(.named("GeneratedNodeFlow"), "The flow."), failed(400, "A member is wrong, or the body is not JSON."),
          none,
          failed(429, "The key takes no more requests or tokens just now.", .retryAfter, isProblem: true),
          failed(502, "The model failed, or wrote no flow that can be called, twice."),
          failed(
            503, "No model is configured, it cannot be reached, or too many questions are under way.", isProblem: true),
          failed(504, "The model took too long."),
        ]),
    ],
    schemas: [
      "GeneratedNodeFlow": .object([
        "name": .text(), "description": .text(), "configuration": .anyObject, "nodes": .list(.named("Node")),
        "edges": .list(.named("Edge")),
      ]),
      "NodeFlow": .object([
        "id": .text(), "apiKeyId": .text(), "name": .text(), "description": .text(), "configuration": .anyObject,
        "callable": .flag, "faults": .list(.object(["nodeId": .text().orNull, "message": .text()])),
        "createdAt": .instant, "updatedAt": .instant,
      ]),
      "Node": .object(
        ["id": .text(), "flowId": .text(), "type": kind, "position": .anyObject, "data": .anyObject],
        optional: ["flowId"]),
      "Edge": .object(
        [
          "id": .text(), "flowId": .text(), "sourceNodeId": .text(), "targetNodeId": .text(), "source": .text(),
          "target": .text(), "label": .text().orNull, "type": .text(),
        ], optional: ["flowId"]),
    ])

  private static let members: KeyValuePairs<String, APISchema> = [
    "name": .keptText(1...NodeFlow.nameMax), "description": .keptText(0...NodeFlow.descriptionMax),
    "configuration": ownConfiguration,
  ]
  private static let ownConfiguration = APISchema.anyObject.about(
    "`variables`, `language`, `voice`, and in `tools` the request of each tool; other members are kept and mean nothing. At most 16 KiB."
  )
  private static let kind = APISchema.choice(NodeFlow.Kind.allCases.map(\.rawValue))
  private static let id = APISchema.keptText(1...NodeFlow.idMax)
  private static let node = APISchema.request(
    [
      "id": id, "type": kind, "position": .anyObject.about("`x` and `y`, for pages. At most 200 bytes."),
      "data": .anyObject.about("What is set of a node of its type. At most 8 KiB."),
    ], required: ["type"])
  private static let edge = APISchema.request(
    [
      "id": id, "sourceNodeId": id, "targetNodeId": id, "label": .keptText(0...NodeFlow.labelMax),
      "type": .keptText(0...NodeFlow.idMax).about(
        "`default` or `conditional`; others, by which pages draw, mean nothing."),
    ], required: ["sourceNodeId", "targetNodeId"])

  private static let notJSON = failed(400, "The body is not JSON.", isProblem: true)
  private static let wrongMember = failed(422, "A member is wrong.")
  private static let none = failed(404, "No such flow of this key, or a server without any.")

  /// An error in the predecessor's shape.
  /// - Parameter isProblem: whether it may be one of keys or full queues, too.
  private static func failed(
    _ status: Int, _ about: String, _ headers: APIResponse.Header..., isProblem: Bool = false
  ) -> APIResponse {
    var content: [String: APISchema] = ["application/json": .named("ModelChatError")]
    if isProblem { content[APIResponse.problemType] = .named("Problem") }
    return APIResponse(status: status, about: about, content: content, headers: headers)
  }
}
