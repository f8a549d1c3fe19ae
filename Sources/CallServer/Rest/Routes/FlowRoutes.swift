import CallCore
import JSON
import Wires
import Formats

extension RouteArea {
  /// What agents say and do.
  static let flows = RouteArea(
    name: "Flows", about: "Agent flows, in versions.",
    routes: [
      Route(
        "GET /api/flows", "listFlows", "All flows", scope: .read, .onLoop(FlowController.list),
        answers: [.json(list, "The newest version of each.")]),
      Route(
        "POST /api/flows", "addFlow", "Add a flow", scope: .manage, .blocking(FlowController.add),
        [name], body: text,
        answers: [
          .json(.named("Flow"), status: 201, "Its first version.", .etag, .location),
          .faults("No name, or the text is wrong."),
          .problem(409, "There is a flow of that name, or the flows of this server are fixed."), full,
        ]),
      Route(
        "POST /api/flows/check", "checkFlow", "What would become of a text; nothing is changed", scope: .read,
        .blocking(FlowController.check),
        [.query("name", .text(), "What the flow would be called."), form], body: textOrNothing,
        answers: [
          .json(.named("FlowCheck"), "Right or not."),
          .problem(400, "The body is not UTF-8, the text calls its flow otherwise, or there is no such form."),
        ]),
      Route(
        "POST /api/flows/try", "tryFlow", "Hold a conversation in text with a flow; nothing is kept", scope: .read,
        .blocking(FlowController.tryOut),
        body: dryRun,
        answers: [
          .json(.named("FlowTrial"), "What was said, and where the conversation is."),
          .faults("The body is not JSON, or the flow is wrong."), .problem(422, "A member is wrong."),
        ]),
      Route(
        "GET /api/flows/{flow}", "getFlow", "One flow", scope: .read, .onLoop(FlowController.one),
        answers: [.json(.named("Flow"), "Its newest version.", .etag), missing]),
      Route(
        "PUT /api/flows/{flow}", "saveFlow", "Save a new version", scope: .manage, .blocking(FlowController.save),
        [.ifMatch], body: text,
        answers: [.json(.named("Flow"), "The new version.", .etag), .faults("The text is wrong."), missing] + versioned),
      Route(
        "DELETE /api/flows/{flow}", "deleteFlow", "Remove a flow with all its versions", scope: .manage,
        .blocking(FlowController.remove),
        [.ifMatch],
        answers: [.empty(204, "It is gone."), .faults("Another flow transfers to it."), missing] + versioned),
      Route(
        "GET /api/flows/{flow}/text", "getFlowText", "The file as it was written", scope: .read,
        .blocking(FlowController.text),
        [.query("version", .whole(1...999_999_999), "The newest one if absent.")],
        answers: [
          .file(["application/yaml"], "The text.", .etag), missing,
          .problem(409, "The flows of this server are fixed and have no texts."),
        ]),
      Route(
        "GET /api/flows/{flow}/graph", "getFlowGraph", "The picture of its states", scope: .read,
        .blocking(FlowController.graph), [form],
        answers: [.file(["image/svg+xml"], "A drawing."), .problem(400, "There is no such form."), missing]),
      Route(
        "GET /api/flows/{flow}/versions", "listFlowVersions", "The versions that are kept, newest first", scope: .read,
        .blocking(FlowController.versions),
        answers: [
          .json(.named("FlowVersions"), "At most 50."), missing, .problem(409, "The flows of this server are fixed."),
        ]),
      Route(
        "POST /api/flows/{flow}/versions/{version}", "restoreFlow", "Make an earlier version the newest again",
        scope: .manage, .blocking(FlowController.rollBack),
        [.ifMatch],
        answers: [
          .json(.named("Flow"), "The new version.", .etag), .faults("Other flows no longer fit to it."), missing,
        ] + versioned),
    ],
    schemas: [
      "Flow": .object([
        "name": .text(), "version": .count.orNull, "title": .text(), "description": .text(), "start": .text(),
        "states": .list(
          .object(
            [
              "name": .text(), "kind": .choice(FlowStateKind.words), "text": .text(),
              "tools": .list(.named("FlowTool")),
            ],
            optional: ["tools"])),
        "transitions": .list(
          .object([
            "from": .text(), "to": .text(), "label": .text(),
            "kind": .choice(FlowTransition.Kind.allCases.map(\.rawValue)),
          ])),
      ]),
      "FlowTool": .object([
        "name": .text(), "about": .text(), "arguments": .list(.text()),
        "effect": .choice(FlowGraph.Tool.Effect.allCases.map(\.rawValue)), "state": .text().orNull,
      ]),
      "FlowCheck": .object([
        "ok": .flag, "svg": .text().orNull, "flow": .named("Flow").orNull,
        "states": .list(.object(["name": .text(), "line": .count])), "faults": .list(.named("Fault")),
      ]),
      "FlowTrial": .object([
        "flow": .text(), "state": .text(), "over": .flag, "reason": .text().orNull, "outcome": .text().orNull,
        "tool": .object([
          "state": .text(), "method": .text(), "url": .text(), "body": .text().orNull, "wanted": .list(.text()),
        ]).orNull,
        "slots": .texts, "cut": .flag, "entries": .list(.named("FlowTrialEntry")),
      ]),
      "FlowTrialEntry": .object(
        [
          "kind": .choice(["agent", "caller", "state", "slot", "tool", "end", "unused"]), "text": .text(),
          "state": .text(), "from": .text(), "because": .text(), "transferredTo": .text(), "slot": .text(),
          "value": .text(), "request": .text(),
          "answer": .text(), "reason": .text(), "outcome": .text(), "why": .text(),
        ],
        optional: [
          "text", "state", "from", "because", "transferredTo", "slot", "value", "request", "answer", "reason",
          "outcome", "why",
        ]),
      "FlowVersions": .object([
        "name": .text(),
        "versions": .list(.object(["version": .count, "savedAt": .instant, "bytes": .count])),
      ]),
    ])

  /// Those that cannot be used are named apart, where there are any.
  private static let list = APISchema.object(
    [
      "flows": .list(.named("Flow")),
      "unusable": .list(.object(["name": .text(), "faults": .list(.named("Fault"))])),
    ], optional: ["unusable"])

  private static let name = APIParameter.query(
    "name", .text(1...60, pattern: "^[a-z][a-z0-9-]*$").example(.string("night")),
    "What the flow is called; not `check` and not `try`.", isRequired: true)

  private static let form = APIParameter.query(
    "form", .choice(FlowGraph.PictureForm.allCases.map(\.rawValue)).standard(.string("standalone")),
    "Of the picture: to be looked at by itself, or to be a part of a page.")

  private static let text = APIBody(
    content: ["application/yaml": .yaml], about: "A flow file as `Samples/flows/README.md` describes it.",
    bytesMax: FlowLimits.fileBytesMax)
  /// Who writes a flow begins with nothing and is told what is missing.
  private static let textOrNothing: APIBody = {
    var body = text
    body.isRequired = false
    return body
  }()
  private static let dryRun = APIBody.json(
    .request(
      [
        "text": .text(0...FlowLimits.fileBytesMax), "name": .text(1...60, pattern: "^[a-z][a-z0-9-]*$"),
        "inputs": .list(.keptText(0...WireLimits.textCharactersMax), 0...FlowDryRunRequest.inputsMax),
      ], required: ["text"]),
    "The flow, what it is called unless the text says so, and the caller's lines.",
    bytesMax: FlowDryRunRequest.bytesMax)
  private static let missing = APIResponse.problem(404, "No such flow or version.")
  private static let full = APIResponse.problem(507, "The store is full.")
  private static let versioned: [APIResponse] = [
    .problem(409, "The flows of this server are fixed."),
    .problem(412, "Somebody else has changed the flow meanwhile."),
    .problem(428, "The header `If-Match` is missing."),
    full,
  ]
}
