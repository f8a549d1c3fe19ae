import CallClient
import CallCore
import CallServer
import Formats
import Foundation
import Testing

@Suite("Log and trace of a call")
struct TraceTests {
  private static let steps: [CallTraceStep] = [
    CallTraceStep(at: Timestamp(microseconds: 1_234_000), event: .keyPressed(.terminator)),
    CallTraceStep(
      at: Timestamp(microseconds: 2_000_000), event: .typed("my pin is 4711"),
      actions: [
        .speak(UtteranceID(2), sentences: ["Thank you, 4711."]),
        .report(.stateEntered(name: "day", from: "", because: "")),
      ]),
    CallTraceStep(at: .zero, event: .transcribed(RequestID(3), "four seven eleven")),
    CallTraceStep(
      at: .zero, event: .toolAnswered(RequestID(4), .answered(status: 200, values: ["pin": "4711"])),
      actions: [
        .callTool(
          RequestID(5),
          ToolRequest(
            state: "look-up", method: "GET", url: "https://a.example/4711", headers: [("Authorization", "4711")],
            body: nil,
            wanted: [], timeout: .seconds(1)))
      ]),
  ]

  @Test("the log masks keys, typed and spoken words and what the agent repeats of them")
  func masked() {
    let lines = Self.steps.map { CallLogText.text(of: $0, showsWords: false) }
    #expect(
      lines == [
        "1.234 s key-pressed (masked)",
        "2.000 s typed (4 words masked) → speak utterance 2 (3 words masked), state-entered day",
        "0.000 s transcribed request 3 (3 words masked)",
        "0.000 s tool-answered request 4: status 200 → call-tool request 5 (look-up: GET)",
      ])
  }

  @Test("asked for, it shows them, but never what a tool was sent or answered")
  func shown() {
    let text = Self.steps.map { CallLogText.text(of: $0, showsWords: true) }.joined(separator: "\n")
    #expect(
      text.contains("key-pressed #") && text.contains("typed “my pin is 4711”") && text.contains("“Thank you, 4711.”"))
    #expect(text.contains("transcribed request 3 “four seven eleven”"))
    #expect(!text.contains("a.example") && text.components(separatedBy: "4711").count == 3)
  }

  @Test("what callers type begins no line of the log and steers no terminal")
  func forged() {
    let typed = "x”\n2026 error: all is lost\u{1B}[2J\u{9B}1m\u{2028}\u{202E}y"
    let step = CallTraceStep(at: .zero, event: .typed(typed), actions: [])
    let line = CallLogText.text(of: step, showsWords: true)
    #expect(line == "0.000 s typed “x”\\u{a}2026 error: all is lost\\u{1b}[2J\\u{9b}1m\\u{2028}\\u{202e}y”")
  }
}
