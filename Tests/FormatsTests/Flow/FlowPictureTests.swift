import CallCore
import Formats
import Foundation
import Testing

@Suite("What a flow's picture says of itself")
struct FlowPictureTests {
  private static let text = """
    title: Test
    everywhere: {agent: {hear: agent, next: desk}, help: {hear: help, next: desk}}
    states:
      menu: {listen: Hm?, intents: {go: {hear: go, next: look}, on: {hear: on, next: look}}, no-input: {next: bye}}
      look: {tool: "http://x", next: name, failed: bye}
      name:
        collect: words
        as: text
        ask: Who?
        next: bye
        intents: {back: {hear: back, next: menu}, same: {hear: same, next: name}}
      desk: {phone-transfer: "+15550100"}
      bye: {end: done}
    """

  private func picture(_ form: FlowGraph.PictureForm, of text: String = Self.text) throws -> PictureReader {
    try PictureReader.read(FlowGraph(try FlowReader.read(text, file: "test.yaml").get()).svg(form))
  }

  @Test(
    "A box says which state it is and of what kind, an arrow which states it joins and what leads along it",
    arguments: FlowGraph.PictureForm.allCases)
  func attributes(form: FlowGraph.PictureForm) throws {
    let picture = try picture(form)
    #expect(picture.root["data-flow"] == "test")
    let states = picture.groups.filter { $0["class"] == "state" }
    #expect(states.map { $0["data-state"] } == ["menu", "look", "name", "desk", "bye"])
    #expect(states.map { $0["data-kind"] } == ["listen", "tool", "collect", "phone-transfer", "end"])
    let arrows = picture.edges.map { edge in
      ["class", "data-from", "data-to", "data-label"].map { edge[$0] ?? "none" }
    }
    #expect(
      arrows == [
        ["edge", "menu", "look", "go, on"], ["edge otherwise", "menu", "bye", "no input"],
        ["edge", "look", "name", "answered"], ["edge", "look", "bye", "failed"], ["edge", "name", "bye", "words"],
        ["edge back", "name", "menu", "back"], ["edge back", "name", "name", "same"],
        ["edge everywhere", "menu name", "desk", "agent, help"],
      ])
  }

  @Test("One box stands for every question, if an intent counts everywhere", arguments: FlowGraph.PictureForm.allCases)
  func everywhere(form: FlowGraph.PictureForm) throws {
    let picture = try picture(form)
    let boxes = picture.groups.filter { $0["class"] == "everywhere" }
    #expect(boxes == [["class": "everywhere", "data-from": "menu name"]])
    #expect(picture.texts.contains("(any question)"))
    let without = try self.picture(
      form, of: "states: {ask: {listen: Hm?, intents: {a: {hear: a, next: bye}}}, bye: {end: }}")
    #expect(without.groups.allSatisfy { $0["class"] == "state" } && !without.texts.contains("(any question)"))
    #expect(without.edges.allSatisfy { $0["class"] == "edge" })
  }

  @Test("A flow that is transferred to has a box, too")
  func otherFlow() throws {
    let picture = try picture(.embedded, of: "states: {first: {say: One moment., next: over}, over: {transfer: other}}")
    #expect(picture.groups.contains { $0["data-state"] == "flow:other" && $0["data-kind"] == "flow" })
  }

  @Test("The picture for a page has small boxes, and neither colours nor fonts nor a headline")
  func embedded() throws {
    let (embedded, standalone) = (try picture(.embedded), try picture(.standalone))
    #expect(embedded.elements == ["svg", "defs", "marker", "path", "g", "title", "rect", "text"])
    #expect(standalone.elements.isSuperset(of: ["style", "desc"]))
    #expect(embedded.root["font-family"] == nil && embedded.root["aria-label"] == "Flow Test")
    #expect(embedded.boxes.count == 6 && embedded.boxes.allSatisfy { $0.height == 38 })
    let rows = Set(embedded.boxes.map(\.minY)).sorted()
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 - $0 == 62 })
    #expect(!embedded.texts.contains("Test"))
    #expect(embedded.texts.isSuperset(of: ["menu", "listens", "menu: listens: Hm?", "menu to look: go, on"]))
    #expect(embedded.edges.allSatisfy { $0["stroke"] == nil && $0["marker-end"] == "url(#arrow)" })
    for (index, box) in embedded.boxes.enumerated() {
      #expect(box.minX >= 0 && box.maxX <= embedded.size.width && box.maxY <= embedded.size.height)
      for other in embedded.boxes[(index + 1)...] { #expect(!box.intersects(other)) }
    }
  }

  @Test("What stands in a flow cannot break out of the picture for a page")
  func escaped() throws {
    let text = "title: '\"><script>&'\nstates:\n  bye: {end: , say: \"<b onload='x'\\\" ]]> & more\"}\n"
    let picture = try picture(.embedded, of: text)
    #expect(picture.root["aria-label"] == "Flow \"><script>&")
    #expect(picture.texts.contains("bye: ends: <b onload='x'\" ]]> & more"))
    #expect(picture.elements == ["svg", "defs", "marker", "path", "g", "title", "rect", "text"])
  }

  @Test("A name too long for a small box is cut, and whole in its title")
  func longName() throws {
    let name = "a-state-with-a-very-long-name"
    let picture = try picture(.embedded, of: "states: {\(name): {end: done}}")
    #expect(picture.texts.contains("a-state-with-a-very…") && picture.texts.contains("\(name): ends: done"))
    #expect(picture.groups.first?["data-state"] == name)
  }
}
