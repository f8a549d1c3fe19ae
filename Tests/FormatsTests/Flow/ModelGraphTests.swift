import CallCore
import Formats
import Foundation
import JSON
import Testing

@Suite("A language model's state in a graph")
struct ModelGraphTests {
  private static let text = """
    title: Test
    states:
      desk:
        llm: You are a desk.
        save: {day: date, time: time}
        tools:
          find: {about: Free <times>, arguments: {wanted: date}, call: times}
          book: {about: Books it, arguments: {name: name, pin: {as: digits, length: 4}}, go: booked}
          person: {about: A person, go: person}
          other: {about: Another flow, go: other}
          spell: {about: Has it spelled, go: spell}
        next: booked
        failed: booked
      times: {tool: "POST http://x/{wanted}", next: desk, failed: booked}
      spell: {collect: letters, as: text, ask: Which?, next: desk}
      person: {phone-transfer: "+15550100"}
      other: {transfer: another}
      booked: {end: booked}
    """
  private static let lines = [
    "find: POST times", "book → booked, ends", "person → person, transfers", "other → other, other flow",
    "spell → spell", "save day, time → booked",
  ]

  private func graph(_ text: String = Self.text) throws -> FlowGraph {
    FlowGraph(try FlowReader.read(text, file: "test.yaml").get())
  }

  @Test("Every tool is told with what it takes and what comes of it, and no other state has any")
  func shape() throws {
    let flow = try FlowReader.read(Self.text, file: "test.yaml").get()
    let document = try JSONValue(parsing: JSONObject.flow(flow).json, nestingMax: 9)
    #expect(document.value(at: "states.1.tools") == nil)
    let expected = """
      [{"name":"find","about":"Free <times>","arguments":["wanted"],"effect":"call","state":"times"},\
      {"name":"book","about":"Books it","arguments":["name","pin"],"effect":"go","state":"booked"},\
      {"name":"person","about":"A person","arguments":[],"effect":"go","state":"person"},\
      {"name":"other","about":"Another flow","arguments":[],"effect":"go","state":"other"},\
      {"name":"spell","about":"Has it spelled","arguments":[],"effect":"go","state":"spell"},\
      {"name":"save","about":"","arguments":["day","time"],"effect":"save","state":"booked"}]
      """
    #expect(document.value(at: "states.0.tools") == (try JSONValue(parsing: Array(expected.utf8), nestingMax: 9)))
    let encoded = try JSONValue(parsing: Array(try JSONEncoder().encode(graph())), nestingMax: 9)
    #expect(encoded.value(at: "states.0.tools.1.effect") == .string("go"))
    #expect(encoded.value(at: "states.1.tools") == nil)
  }

  @Test(
    "Each has a line in the box, the box has room for it, and no two boxes overlap",
    arguments: FlowGraph.PictureForm.allCases)
  func picture(form: FlowGraph.PictureForm) throws {
    let svg = try graph().svg(form)
    let picture = try PictureReader.read(svg)
    #expect(picture.texts.isSuperset(of: Self.lines))
    let places = svg.matches(of: /<text class="tool" data-tool="[a-z]+" x="(\d+)" y="(\d+)">/).map {
      CGPoint(x: Double($0.1) ?? 0, y: Double($0.2) ?? 0)
    }
    let box = try #require(picture.boxes.max { $0.height < $1.height })
    #expect(places.count == Self.lines.count)
    #expect(places.allSatisfy { box.insetBy(dx: 6, dy: 3).contains($0) })
    #expect(zip(places, places.dropFirst()).allSatisfy { $1.y - $0.y >= 15 })
    for (index, box) in picture.boxes.enumerated() {
      #expect(box.minX >= 0 && box.maxX <= picture.size.width && box.maxY <= picture.size.height)
      for other in picture.boxes[(index + 1)...] { #expect(!box.intersects(other)) }
    }
  }

  @Test("Arrows begin and end at the edges of boxes of any height", arguments: FlowGraph.PictureForm.allCases)
  func arrows(form: FlowGraph.PictureForm) throws {
    let picture = try PictureReader.read(try graph().svg(form))
    for edge in picture.edges {
      let path = try #require(edge["d"])
      let numbers = path.split { !$0.isNumber && $0 != "-" }.compactMap { Double($0) }
      for point in [
        CGPoint(x: numbers[0], y: numbers[1]), CGPoint(x: numbers[numbers.count - 2], y: numbers.last ?? 0),
      ] {
        let touches = picture.boxes.contains {
          $0.insetBy(dx: -1, dy: -1).contains(point) && !$0.insetBy(dx: 1, dy: 1).contains(point)
        }
        #expect(touches, "\(edge["data-from"] ?? "") to \(edge["data-to"] ?? "") at \(point)")
      }
    }
  }

  @Test("A line that is too long is cut; what it is for is whole in REST")
  func long() throws {
    let name = String(repeating: "a", count: 60)
    let graph = try graph("states: {s: {llm: Hm?, tools: {\(name): {about: x, go: bye}}}, bye: {end: }}")
    let picture = try PictureReader.read(graph.svg(.embedded))
    #expect(picture.texts.contains(String(repeating: "a", count: 35) + "…"))
    #expect(graph.states[0].tools?.map(\.name) == [name])
  }

  @Test("Mermaid has a line for each, too")
  func mermaid() throws {
    #expect(try graph().mermaid.contains("<br/>book → booked, ends<br/>person → person, transfers<br/>"))
  }
}
