import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// What REST says about flows. What reads or changes the store blocks: it runs on the blocking pool.
struct FlowController: RouteController {
  let request: RouteRequest

  /// Stands in the place of a name: `POST /api/flows/check`.
  static let checkName = "check"
  /// The same: `POST /api/flows/try`.
  static let tryName = "try"

  private var service: FlowService { server.flowService }

  func list() -> HTTPResponse {
    let flows = service.library.flows.filter { service.isVisible($0.name, to: request.owner) }.map {
      JSONObject.flow($0, version: service.version(of: $0.name))
    }
    return .json(.flows(flows, unusable: service.unusable))
  }

  func one() -> HTTPResponse {
    let name = request[.flow]
    guard service.isVisible(name, to: request.owner), let flow = service.library[name] else { return missing(name) }
    return tagged(.json(.flow(flow, version: service.version(of: name))), service.version(of: name))
  }

  /// The picture that `voiceforge flow graph` draws, or the one that a page embeds.
  func graph() -> HTTPResponse {
    let name = request[.flow]
    return withForm { form in
      guard service.isVisible(name, to: request.owner), let flow = service.library[name] else { return missing(name) }
      return HTTPResponse(status: 200, contentType: "image/svg+xml", text: FlowGraph(flow).svg(form))
    }
  }

  /// The file as it was written, of the newest version or of `?version=`; of a flow of nodes the file that it is.
  func text() -> HTTPResponse {
    answered(request[.flow]) { () throws(FlowRefusal) in
      if let text = try service.nodeText(of: request[.flow], for: request.owner) {
        // It is of no version that could be saved after.
        return tagged(HTTPResponse(status: 200, contentType: "application/yaml; charset=utf-8", text: text), 0)
      }
      let versions = try service.versions(of: request[.flow])
      let wanted = request.queryValue("version")
      guard let found = versions.first(where: { wanted == nil || String($0.version) == wanted }) else {
        throw .forgotten
      }
      return tagged(
        HTTPResponse(status: 200, contentType: "application/yaml; charset=utf-8", text: found.text), found.version)
    }
  }

  func versions() -> HTTPResponse {
    let name = request[.flow]
    guard !service.isOfNodes(name) else { return .json(.flowVersions([], of: name)) }
    return answered(name) { () throws(FlowRefusal) in
      .json(.flowVersions(try service.versions(of: name), of: name))
    }
  }

  /// Says what would be wrong with a text; 200 whether it is right or not.
  func check() -> HTTPResponse {
    let name = request.queryValue("name") ?? "flow"
    return withForm { form in
      answered(name) { () throws(FlowRefusal) in
        .json(.flowCheck(try service.reading(sentText(), as: name), form))
      }
    }
  }

  /// Holds a conversation in text with the flow that is in the body. Nothing is kept, and nobody is asked anything over HTTP.
  func tryOut() -> HTTPResponse {
    let body: FlowDryRunRequest
    do throws(WireFault) { body = try FlowDryRunRequest(parsing: request.http.body) } catch { return .problem(error) }
    return answered(body.name) { () throws(FlowRefusal) in
      let flow = try service.read(body.text, as: body.name)
      let machine = FlowMachine(
        flow: flow, library: FlowLibrary(service.library.flows + [flow]),
        variables: ["today": server.settings.today(), "now": server.settings.now()])
      let meaning = server.meaning
      var dryRun = FlowDryRun(machine) { question in
        do throws(EngineError) { return try meaning.similarities(question) } catch { return nil }
      }
      dryRun.run(body.inputs)
      return .json(.flowDryRun(dryRun))
    }
  }

  func add() -> HTTPResponse {
    guard let name = request.queryValue("name"), ![Self.checkName, Self.tryName].contains(name) else {
      let not = "\(Self.checkName) or \(Self.tryName)"
      return .problem(status: 400, detail: "say what the flow is called: POST /api/flows?name=NAME, and not \(not)")
    }
    return answered(name) { () throws(FlowRefusal) in
      let version = try service.add(name, text: sentText(), at: TestRunQueue.now)
      var response = changed(version)
      response.status = 201
      response.headers.append(("location", "/api/flows/\(name)"))
      return response
    }
  }

  func save() -> HTTPResponse {
    withVersion { name, version throws(FlowRefusal) in
      changed(try service.save(name, text: sentText(), after: version, at: TestRunQueue.now))
    }
  }

  func rollBack() -> HTTPResponse {
    withVersion { name, version throws(FlowRefusal) in
      guard let old = Int(request[.version]) else { throw .forgotten }
      return changed(try service.rollBack(name, to: old, after: version, at: TestRunQueue.now))
    }
  }

  func remove() -> HTTPResponse {
    withVersion { name, version throws(FlowRefusal) in
      _ = try service.remove(name, at: version)
      return HTTPResponse(status: 204)
    }
  }

  // MARK: - Parts

  /// In which form a picture is wanted.
  private func withForm(_ answer: (FlowGraph.PictureForm) -> HTTPResponse) -> HTTPResponse {
    guard let word = request.queryValue("form") else { return answer(.standalone) }
    guard let form = FlowGraph.PictureForm(rawValue: word) else {
      let known = FlowGraph.PictureForm.allCases.map(\.rawValue).joined(separator: ", ")
      return .problem(status: 400, detail: "form: there is no \(word); there are \(known)")
    }
    return answer(form)
  }

  /// A change to something that others change, too, must say which version it was made from.
  private func withVersion(_ answer: (String, Int) throws(FlowRefusal) -> HTTPResponse) -> HTTPResponse {
    guard let tag = request.http.headers["if-match"] else {
      return .problem(
        status: 428, detail: "say which version this was made from: the header If-Match: \"N\", with N as ETag says it")
    }
    guard let version = Int(tag.filter { $0 != "\"" }) else {
      return .problem(status: 400, detail: "If-Match: expected a version such as \"3\", got \(tag)")
    }
    return answered(request[.flow]) { () throws(FlowRefusal) in try answer(request[.flow], version) }
  }

  private func sentText() throws(FlowRefusal) -> String {
    guard let text = String(validating: request.http.body, as: UTF8.self) else { throw .notText }
    return text
  }

  /// New calls have it; its sentences are made before they do.
  private func changed(_ version: FlowVersion) -> HTTPResponse {
    server.warmPrompts()
    guard let flow = service.library[version.name] else { return missing(version.name) }
    return tagged(.json(.flow(flow, version: version.version)), version.version)
  }

  private func tagged(_ response: HTTPResponse, _ version: Int?) -> HTTPResponse {
    var response = response
    if let version { response.headers.append(("etag", "\"\(version)\"")) }
    return response
  }

  private func answered(_ name: String, _ answer: () throws(FlowRefusal) -> HTTPResponse) -> HTTPResponse {
    do throws(FlowRefusal) { return try answer() } catch { return response(to: error, name) }
  }

  private func response(to refusal: FlowRefusal, _ name: String) -> HTTPResponse {
    switch refusal {
    case .faults(let faults): .problem(faults)
    case .otherName(let other):
      .problem(status: 400, detail: "the text calls its flow \(other): leave out `flow:` or write `flow: \(name)`")
    case .notText: .problem(status: 400, detail: "the body is not UTF-8 text")
    case .taken: .problem(status: 409, detail: "there is a flow \(name) already; PUT /api/flows/\(name) changes it")
    case .missing: missing(name)
    case .forgotten:
      .problem(status: 404, detail: "that version of \(name) is not kept; see /api/flows/\(name)/versions")
    case .outdated(let current):
      .problem(
        status: 412, detail: "\(name) is at version \(current) by now: read it again and make the change to that")
    case .full(let limit): .problem(status: 507, detail: "there is room for \(limit); delete one first")
    case .store(let error): .problem(error)
    case .fixed: .problem(status: 409, detail: "the flows of this server cannot be changed")
    }
  }

  private func missing(_ name: String) -> HTTPResponse {
    let nodes = "the flow \(name) is one of nodes, which has no versions: it is changed at /api/agent-flows/\(name)"
    let isOwn = service.isOfNodes(name) && service.isVisible(name, to: request.owner)
    return .problem(status: 404, detail: isOwn ? nodes : service.absence(of: name, to: request.owner))
  }
}
