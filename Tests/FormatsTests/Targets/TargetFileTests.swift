import CallCore
import Formats
import Testing

@Suite("Files of targets")
struct TargetFileTests {
  private static let pauses = CallDuration.milliseconds(200)...CallDuration.seconds(30)

  private func read(_ text: String) -> Result<[WrittenTarget], FileFaults> {
    TargetFile.read(text, file: "targets.yaml", agentPauses: Self.pauses)
  }

  @Test("everything that a target may have")
  func whole() throws {
    let targets = try read(
      """
      # comments are left out
      my-bot:
        url: twilio+http://127.0.0.1:7860/
        parameters: {customer: "4711", plan: gold}
        from: "+15550100"
        to: "+15550101"
        signing-token: ${TWILIO_AUTH_TOKEN}
        agent-pause: 1.5s
        rewrite: {from: "wss://bot.example", to: "ws://127.0.0.1:7860"}
      other: {url: "exotel+ws://h/ws"}
      agent:
        url: realtime+wss://h/v1/realtime?model=m
        key: ${OPENAI_API_KEY}
        instructions: Be brief.
        greeting: ask
        audio: pcmu
        tools:
          look_up: {description: Looks up., parameters: '{"type": "object"}', output: found}
          known: {output: "1"}
      """
    ).get()
    #expect(targets.map(\.name) == ["my-bot", "other", "agent"])
    #expect(targets[2].keyVariable == "OPENAI_API_KEY" && targets[2].instructions == "Be brief.")
    #expect(targets[2].greeting == "ask" && targets[2].audio == "pcmu" && targets[2].tools.count == 2)
    #expect(
      targets[2].tools["look_up"]?.parameters == #"{"type": "object"}"# && targets[2].tools["known"]?.output == "1")
    #expect(targets[0].keyVariable == nil && targets[0].tools.isEmpty && targets[0].greeting == nil)
    #expect(targets[0].url == "twilio+http://127.0.0.1:7860/" && targets[1].url == "exotel+ws://h/ws")
    #expect(targets[0].parameters == ["customer": "4711", "plan": "gold"])
    #expect(targets[0].from == "+15550100" && targets[0].to == "+15550101")
    #expect(targets[0].agentPause == .milliseconds(1500) && targets[0].tokenVariable == "TWILIO_AUTH_TOKEN")
    #expect(targets[0].rewrite?.from == "wss://bot.example" && targets[0].rewrite?.to == "ws://127.0.0.1:7860")
    #expect(targets[1].parameters.isEmpty && targets[1].from == nil && targets[1].rewrite == nil)
  }

  static let wrong: [FileFaultCase] = [
    FileFaultCase(.missingKey, line: 1, says: "the file is empty", ""),
    FileFaultCase(.wrongType, line: 1, says: "must be a mapping", "- a\n- b"),
    FileFaultCase(.brokenYAML, line: 2, says: "not YAML", "a:\n\turl: x"),
    FileFaultCase(.wrongType, line: 1, says: "target `a` must be a mapping", "a: twilio+ws://h/ws"),
    FileFaultCase(.missingKey, line: 2, says: "target `a` has no `url`", "a:\n  from: \"1\""),
    FileFaultCase(.unknownKey, line: 3, says: "did you mean `url`", "a:\n  url: u\n  ur: u"),
    FileFaultCase(.duplicate, line: 3, says: "`a` is there twice", "a: {url: u}\nb: {url: u}\na: {url: v}"),
    FileFaultCase(.badName, line: 1, says: "a target's name", "a b: {url: u}"),
    FileFaultCase(.emptyText, line: 1, says: "is empty", "a: {url: }"),
    FileFaultCase(.outOfLimits, line: 3, says: "200 ms to 30000 ms", "a:\n  url: u\n  agent-pause: 100ms"),
    FileFaultCase(.wrongType, line: 3, says: "a time such as", "a:\n  url: u\n  agent-pause: soon"),
    FileFaultCase(.wrongType, line: 3, says: "does not belong in a file", "a:\n  url: u\n  signing-token: s3cr3t"),
    FileFaultCase(
      .wrongType, line: 3, says: "does not belong in a file", "a:\n  url: u\n  signing-token: \"${A} s3cr3t\""),
    FileFaultCase(.wrongType, line: 3, says: "does not belong in a file", "a:\n  url: u\n  signing-token: [s3cr3t]"),
    FileFaultCase(.wrongType, line: 3, says: "does not belong in a file", "a:\n  url: u\n  key: sk-123"),
    FileFaultCase(
      .wrongType, line: 3, says: "must be auto or ask or none, not `later`", "a:\n  url: u\n  greeting: later"),
    FileFaultCase(.wrongType, line: 3, says: "must be pcm or pcmu or pcma, not `opus`", "a:\n  url: u\n  audio: opus"),
    FileFaultCase(.wrongType, line: 3, says: "must be `name: {", "a:\n  url: u\n  tools: [x]"),
    FileFaultCase(
      .wrongType, line: 4, says: "tool `t` of target `a` must be a mapping", "a:\n  url: u\n  tools:\n    t: x"),
    FileFaultCase(.unknownKey, line: 4, says: "did you mean `output`", "a:\n  url: u\n  tools:\n    t: {outpu: x}"),
    FileFaultCase(
      .wrongType, line: 4, says: "must be a JSON schema in quotes",
      "a:\n  url: u\n  tools:\n    t: {parameters: \"[1]\"}"),
    FileFaultCase(
      .outOfLimits, line: 3, says: "has 33; at most 32",
      "a:\n  url: u\n  tools: {\((1...33).map { "t\($0): {output: x}" }.joined(separator: ", "))}"),
    FileFaultCase(.wrongType, line: 3, says: "`parameters` of target `a`", "a:\n  url: u\n  parameters: [x]"),
    FileFaultCase(.wrongType, line: 4, says: "parameter `x`", "a:\n  url: u\n  parameters:\n    x: {y: z}"),
    FileFaultCase(.missingKey, line: 3, says: "has no `to`", "a:\n  url: u\n  rewrite: {from: f}"),
    FileFaultCase(
      .outOfLimits, line: 3, says: "has 17; at most 16",
      "a:\n  url: u\n  parameters: {\((1...17).map { "p\($0): x" }.joined(separator: ", "))}"),
    FileFaultCase(.outOfLimits, line: 1, says: "bytes; at most", String(repeating: "#", count: 262_145)),
  ]

  @Test("what is wrong is told with its line, and no token is repeated", arguments: wrong)
  func fault(wrong: FileFaultCase) throws {
    guard case .failure(let faults) = read(wrong.text) else {
      Issue.record("it was read")
      return
    }
    let fault = try #require(faults.faults.first)
    #expect(fault.kind == wrong.kind && fault.line == wrong.line && fault.message.contains(wrong.says), "\(fault)")
    #expect(!"\(faults)".contains("s3cr3t"))
  }
}
