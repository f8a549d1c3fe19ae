extension FlowMachine {
  /// Says what is to be said meanwhile, and asks for the first request.
  mutating func call(_ tool: ToolState, into outputs: inout [FlowOutput]) {
    toolsInARow += 1
    guard toolsInARow <= FlowMachine.toolsInARowMax else { return fail("flow loops", into: &outputs) }
    speak(tool.says, interruptible: true, into: &outputs)
    request(tool, tries: 1, into: &outputs)
  }

  /// What became of the request that was made last.
  mutating func handle(_ answer: ToolResponse, tries: Int, into outputs: inout [FlowOutput]) {
    guard case .tool(let tool) = flow.state(named: currentState)?.kind else {
      preconditionFailure("the flow waits for a tool in \(currentState), which calls none")
    }
    switch answer {
    case .answered(_, let values):
      for save in tool.saves {
        fill(save.variable, with: values[save.path] ?? "", into: &outputs)
      }
      transition(to: FlowStep(state: tool.next, because: "answered"), into: &outputs)
    case .failed, .timedOut:
      if tries <= tool.retries {
        request(tool, tries: tries + 1, into: &outputs)
      } else {
        handleFailure(of: tool, response: answer, into: &outputs)
      }
    }
  }

  private mutating func handleFailure(
    of tool: ToolState, response answer: ToolResponse, into outputs: inout [FlowOutput]
  ) {
    let isLate = answer == .timedOut
    guard let next = isLate ? tool.timedOut ?? tool.failed : tool.failed else {
      return fail("\(currentState) \(isLate ? "timed out" : "failed")", into: &outputs)
    }
    transition(to: FlowStep(state: next, because: isLate ? "timed out" : "failed"), into: &outputs)
  }

  private mutating func request(_ tool: ToolState, tries: Int, into outputs: inout [FlowOutput]) {
    switch toolRequest(tool, of: currentState) {
    case .success(let request):
      phase = .waitingForTool(tries: tries)
      outputs.append(.callTool(request))
    case .failure(let fault):
      handleFailure(of: tool, response: .failed(fault.why), into: &outputs)
    }
  }

  /// The request with every variable replaced.
  /// - Parameter name: of the tool's state.
  func toolRequest(_ tool: ToolState, of name: String) -> Result<ToolRequest, ToolCallFault> {
    let values = values
    guard let url = tool.url.address(with: values, foreign: foreign) else {
      return .failure(ToolCallFault("the address begins with what the author did not write"))
    }
    let isJSON = tool.body.map { ["{", "["].contains($0.source.first { !$0.isWhitespace }) } ?? false
    let body = tool.body?.rendered(with: values, for: .body(isJSON: isJSON))
    let headers = tool.headers.map { ($0.name, $0.value.rendered(with: values, for: .header)) }
    guard ([url, body ?? ""] + headers.map(\.1)).allSatisfy({ $0.scalarCount <= FlowText.renderedMax }) else {
      return .failure(ToolCallFault("the request is longer than \(FlowText.renderedMax) characters"))
    }
    return .success(
      ToolRequest(
        state: name, method: tool.method, url: url, headers: headers, body: body, wanted: tool.saves.map(\.path),
        timeout: tool.timeout))
  }
}

/// Why a tool is not called.
struct ToolCallFault: Error {
  /// One sentence without a value.
  let why: String
  /// What is wrong, for the model that wrote it.
  let value: String?

  init(_ why: String, value: String? = nil) { (self.why, self.value) = (why, value) }
}
