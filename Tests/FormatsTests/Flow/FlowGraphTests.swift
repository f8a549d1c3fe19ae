import CallCore
import Formats
import Foundation
import Testing

@Suite("Flow graph")
struct FlowGraphTests {
  private func graph(_ name: String) throws -> FlowGraph {
    FlowGraph(try #require(try SampleFlows.library()[name]))
  }

  private func flow(_ text: String) throws -> Flow { try FlowReader.read(text, file: "test.yaml").get() }

  @Test("States and transitions have the shape of the wire")
  func shape() throws {
    let graph = FlowGraph(
      try flow(
        """
        title: Test
        everywhere: {agent: {hear: agent, next: desk}, again: {hear: again, repeat: true}}
        states:
          menu: {listen: Hm?, intents: {go: {hear: go, next: look}}, no-input: {next: bye}}
          look: {tool: "http://x", next: route, failed: bye}
          route: {decide: today, cases: {x: other}, else: bye}
          other: {transfer: another}
          desk: {phone-transfer: "+15550100"}
          bye: {end: done}
        """))
    let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(graph))
    let expected: NSDictionary = [
      "name": "test", "title": "Test", "description": "", "start": "menu",
      "states": [
        ["name": "menu", "kind": "listen", "text": "Hm?"], ["name": "look", "kind": "tool", "text": "GET http://x"],
        ["name": "route", "kind": "decide", "text": "today?"],
        ["name": "other", "kind": "transfer", "text": "another"],
        ["name": "desk", "kind": "phone-transfer", "text": "+15550100"],
        ["name": "bye", "kind": "end", "text": "done"],
      ],
      "transitions": [
        ["from": "menu", "to": "look", "label": "go", "kind": "intent"],
        ["from": "menu", "to": "bye", "label": "no input", "kind": "no-input"],
        ["from": "look", "to": "route", "label": "answered", "kind": "answered"],
        ["from": "look", "to": "bye", "label": "failed", "kind": "failed"],
        ["from": "route", "to": "other", "label": "today is x", "kind": "branch"],
        ["from": "route", "to": "bye", "label": "else", "kind": "else"],
        ["from": "other", "to": "flow:another", "label": "", "kind": "transfer"],
        ["from": "menu", "to": "desk", "label": "agent", "kind": "intent"],
      ],
    ]
    #expect(encoded as? NSDictionary == expected)
  }

  @Test(
    "Every transition of a sample leads to a state of it or to another flow",
    arguments: ["appointment", "order-status", "reminder", "support-triage"])
  func targets(name: String) throws {
    let graph = try graph(name)
    let names = Set(graph.states.map(\.name))
    #expect(graph.transitions.count > graph.states.count)
    for way in graph.transitions {
      #expect(names.contains(way.from))
      #expect(names.contains(way.to) || way.to.hasPrefix("flow:"))
    }
  }

  @Test(
    "The picture is well-formed XML, shows every state and every arrow, and no two boxes overlap",
    arguments: ["appointment", "order-status", "reminder", "support-triage"])
  func picture(name: String) throws {
    let graph = try graph(name)
    let picture = try PictureReader.read(graph.svg())
    #expect(picture.texts.isSuperset(of: graph.states.map(\.name)))
    #expect(picture.boxes.count >= graph.states.count)
    #expect(picture.arrows >= graph.states.count)
    for (index, box) in picture.boxes.enumerated() {
      #expect(box.minX >= 0 && box.maxX <= picture.size.width && box.maxY <= picture.size.height)
      for other in picture.boxes[(index + 1)...] { #expect(!box.intersects(other)) }
    }
  }

  @Test("What stands in a flow cannot break out of a picture or a chart")
  func escaped() throws {
    let graph = FlowGraph(
      try flow("title: '<script>\"&'\nstates:\n  bye: {end: , say: \"<b>'x'\\\" --> ]]> & more\"}\n"))
    let picture = try PictureReader.read(graph.svg())
    #expect(picture.texts.contains("<script>\"&"))
    #expect(picture.texts.contains("<b>'x'\" --> ]]> & more"))
    #expect(!graph.svg().contains("<script"))
    #expect(graph.mermaid.contains("title: \"<script>\\\"&\""))
    #expect(graph.mermaid.contains("#60;b#62;'x'#34; --#62; #93;#93;#62; #38; more"))
  }

  @Test("Mermaid has a line for each state and each arrow")
  func mermaid() throws {
    let text = FlowGraph(
      try flow(
        "states:\n  menu: {listen: Hm?, intents: {a: {hear: a, next: bye}, b: {hear: b, next: bye}}}\n  bye: {end: done}\n"
      )
    ).mermaid
    #expect(
      text == """
        ---
        title: "test"
        ---
        flowchart TD
          s0("<b>menu</b><br/>Hm?")
          s1(["<b>bye</b><br/>done"])
          s0 -->|"a, b"| s1

        """)
  }

  @Test("Loops and rings are drawn too")
  func rings() throws {
    let graph = FlowGraph(
      try flow(
        """
        states:
          a: {listen: A?, intents: {self: {hear: self, next: a}, on: {hear: on, next: b}}}
          b: {listen: B?, intents: {back: {hear: back, next: a}, on: {hear: on, next: bye}}}
          bye: {end: }
        """))
    let picture = try PictureReader.read(graph.svg())
    #expect(picture.arrows == 4 && picture.boxes.count == 3)
  }
}
