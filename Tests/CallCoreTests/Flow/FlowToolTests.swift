import CallCore
import Testing

@Suite("Flow machine: tools and transfers")
struct FlowToolTests {
  private func tool(
    _ url: String = "http://x/{order}", body: String? = nil, retries: Int = 0, failed: String? = "failed",
    timedOut: String? = nil
  ) -> [FlowState] {
    let state = ToolState(
      method: body == nil ? "GET" : "POST", url: FlowText(url),
      headers: [FlowAssignment(name: "X-Order", value: FlowText("{order}"))], body: body.map { FlowText($0) },
      saves: [ToolSave("status", path: "order.status")], says: FlowText("One moment."), timeout: .seconds(2),
      retries: retries, next: "answered", failed: failed, timedOut: timedOut)
    return [FlowState(name: "look", kind: .tool(state)), end("answered", "{status}"), end("failed"), end("late")]
  }

  @Test("A request carries the variables, escaped for where they stand")
  func request() throws {
    let body = "{\"order\": \"{order}\", \"raw\": {order | raw}}"
    var harness = FlowHarness(
      tool("{base}/orders/{order}", body: body), variables: ["base": "http://h:1/a", "order": "A/1 \"ü\"\n"])
    harness.handle(.begin)
    let request = try #require(harness.request)
    #expect(request.url == "http://h:1/a/orders/A%2F1%20%22%C3%BC%22%0A")
    #expect(request.body == "{\"order\": \"A/1 \\\"ü\\\"\\n\", \"raw\": A/1 \"ü\"\n}")
    #expect(request.headers.map(\.value) == ["A/1 \"ü\" "])
    #expect(request.method == "POST" && request.state == "look" && request.timeout == .seconds(2))
    #expect(request.wanted == ["order.status"])
    #expect(harness.said == ["One moment."])
  }

  @Test("A request that is longer than its limit is not sent cut off: it fails")
  func tooLong() {
    let value = String(repeating: "x", count: 990)
    let many = String(repeating: "{order}", count: 9)
    // Three bytes a letter: longer than the limit in bytes, but not in characters.
    let wide = "http://x/" + String(repeating: "あ", count: 3_000)
    for (url, body) in [("http://x/\(many)", nil), ("http://x/", "{\"a\": \"\(many)\"}"), (wide + many, nil)] {
      var harness = FlowHarness(tool(url, body: body), variables: ["order": value])
      harness.handle(.begin)
      #expect(harness.request == nil && harness.entered.last == "failed")
    }
    var harness = FlowHarness(tool(wide + "/{order}/end"), variables: ["order": value])
    harness.handle(.begin)
    #expect(harness.request?.url == wide + "/\(value)/end")
  }

  @Test(
    "Whom to ask is the author's to say: what a caller said stands behind scheme, host and port only",
    arguments: [
      ("http://h/{x}", true), ("http://h?q={x}", true), ("{base}/{x}", true), ("{base}:{port}/{x}", true),
      ("{made}/{x}", true), ("{x}", false), ("{x}/orders", false), ("{x | raw}", false), ("http://{x}", false),
      ("http://{x}/", false), ("http://h{x}/", false), ("http://h:{x}/", false), ("http://h.{x}", false),
      ("{base}{x}", false), ("{base}:{x}/", false), ("{heard}/", false), ("{mixed}/", false), ("http:/{x}", false),
      ("{saved}/", false),
    ])
  func author(url: String, isAsked: Bool) throws {
    let sets = [("made", "{base}/v2"), ("mixed", "http://{x}"), ("saved", "{mixed}")].map {
      FlowAssignment(name: $0.0, value: FlowText($0.1))
    }
    var states = [
      collect("x", .text, next: "set"),
      FlowState(name: "set", sets: sets, kind: .say([FlowText("Well.")], next: "look")),
    ]
    states += tool(url)
    var harness = FlowHarness.begun(states, variables: ["base": "http://h", "port": "80", "x": "http://author"])
    harness.handle(.said("evil.example"))
    #expect((harness.request != nil) == isAsked)
    if isAsked {
      #expect(harness.request?.url.hasPrefix("http://h") == true)
    } else {
      #expect(harness.entered.last == "failed")
    }
  }

  @Test("An answer fills what the flow wants of it; what is absent becomes empty")
  func answered() {
    var harness = FlowHarness.begun(tool())
    harness.handle(.toolAnswered(.answered(status: 200, values: ["order.status": "shipped", "other": "x"])))
    #expect(harness.machine.slots == ["status": "shipped"])
    #expect(harness.ending?.outcome == "shipped")
    harness = FlowHarness.begun(tool())
    harness.handle(.toolAnswered(.answered(status: 204, values: [:])))
    #expect(harness.machine.slots == ["status": ""])
  }

  @Test("A failure is tried again as often as the state says")
  func retries() {
    var harness = FlowHarness.begun(tool(retries: 2))
    for _ in 0..<2 {
      harness.handle(.toolAnswered(.failed("no")))
      #expect(harness.request != nil && harness.said.isEmpty)
    }
    harness.handle(.toolAnswered(.failed("no")))
    #expect(harness.outputs.first == .entered(state: "failed", from: "look", because: "failed"))
  }

  @Test(
    "A time-out has its own branch, or the one of a failure",
    arguments: [("late", "late"), (nil, "failed")] as [(String?, String)])
  func timedOut(branch: String?, outcome: String) {
    var harness = FlowHarness.begun(tool(timedOut: branch))
    harness.handle(.toolAnswered(.timedOut))
    #expect(harness.ending?.outcome == outcome)
  }

  @Test("Without a branch for it the call says so and ends")
  func noBranch() {
    var harness = FlowHarness.begun(tool(failed: nil))
    harness.handle(.toolAnswered(.failed("no")))
    #expect(harness.said == ["Sorry, bye."])
    #expect(harness.ending == FlowEnding(reason: .engineFailed, outcome: "look failed"))
  }

  @Test("A tool that is asked again and again without listening ends the call")
  func pollsForEver() {
    let state = ToolState(url: FlowText("http://x"), next: "look")
    var harness = FlowHarness.begun([FlowState(name: "look", kind: .tool(state))])
    var calls = 1
    while harness.request != nil, calls < 100 {
      harness.handle(.toolAnswered(.answered(status: 200, values: [:])))
      calls += 1
    }
    #expect(calls == FlowMachine.toolsInARowMax + 1)
    #expect(harness.ending == FlowEnding(reason: .engineFailed, outcome: "flow loops"))
  }

  @Test("A transfer keeps the variables, and the other flow's defaults fill the rest")
  func transfer() {
    let hand = FlowState(
      name: "hand", sets: [FlowAssignment(name: "name", value: FlowText("Ada"))],
      kind: .transfer(flow: "other", says: FlowText("One moment.")))
    let first = Flow(name: "first", start: "hand", states: [hand])
    let other = Flow(
      name: "other", start: "hi", variables: ["name": "you", "place": "here"],
      states: [say("hi", "Hello {name}, from {flow} {place}.", next: "bye"), end("bye")])
    var harness = FlowHarness(FlowMachine(flow: first, library: FlowLibrary([first, other])))
    harness.handle(.begin)
    #expect(harness.said == ["One moment.", "Hello Ada, from other here."])
    #expect(harness.outputs.contains(.entered(state: "hi", from: "hand", because: "transfer to other")))
    #expect(harness.machine.currentFlow == "other")
  }

  @Test(
    "Transfers are bounded, and one to a flow that is not there ends the call",
    arguments: [("again", "too many transfers"), ("nowhere", "no flow nowhere")])
  func badTransfer(target: String, outcome: String) {
    let again = Flow(
      name: "again", start: "hand", states: [FlowState(name: "hand", kind: .transfer(flow: target))])
    var harness = FlowHarness(FlowMachine(flow: again, library: FlowLibrary([again])))
    harness.handle(.begin)
    #expect(harness.ending == FlowEnding(reason: .engineFailed, outcome: outcome))
  }
}
