import CallCore
import Formats
import Foundation
import Testing

@Suite("Callers that test cases can name")
struct CallerLibraryTests {
  private static let text = """
    slow:
      title: Speaks slowly on a telephone
      age: over 70
      temper: patient
      caller: {voice: heart-senior, rate: 85, patience: 20s, persona: Slow.}
      disfluency: {fillers: 10}
      world: {telephone: true, noise: {sort: pink, snr: 20}}
    plain:
      title: Nothing special
    """

  private static func library(_ text: String = text) throws -> CallerLibrary {
    try CallerLibrary.readAll([(file: "callers.yaml", text: text)]).get()
  }

  private static func cases(_ text: String) throws -> Result<[TestCase], FileFaults> {
    TestCaseFileReader.read(text, file: "cases.yaml", callers: try library()) { _ in false }
  }

  private static func faults(_ text: String) throws -> [String] {
    switch try cases(text) {
    case .success: []
    case .failure(let faults): faults.faults.map(\.message)
    }
  }

  private static let head = "flow: appointment\nturns: [Hello]\n"

  @Test("Those of the samples are sound, differ, and speak with voices of their own")
  func samples() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Samples/callers")
    let file = try String(contentsOf: folder.appending(path: "callers.yaml"), encoding: .utf8)
    let library = try Self.library(file)
    #expect(library.entries.count >= 10)
    #expect(Set(library.entries.map(\.profile.voice)).count == library.entries.count)
    for entry in library.entries {
      for text in [entry.title, entry.age, entry.accent, entry.temper, entry.line, entry.profile.persona] {
        #expect(!text.isEmpty, "\(entry.name)")
      }
    }
    let cases = try String(contentsOf: folder.appending(path: "cases/booking.yaml"), encoding: .utf8)
    let read = try TestCaseFileReader.read(cases, file: "booking.yaml", callers: library) { _ in false }.get()
    #expect(read[0].caller.voice == "heart-senior" && read[0].caller.patience == .seconds(20))
    #expect(read[1].vary?.properties[0].values.count == 8)
  }

  @Test("A name brings voice, manner, patience and world", arguments: ["slow", "{profile: slow}"])
  func named(caller: String) throws {
    let testCase = try #require(try Self.cases("\(Self.head)caller: \(caller)").get().first)
    #expect(testCase.caller.voice == "heart-senior" && testCase.caller.style.ratePercent == 85)
    #expect(testCase.caller.patience == .seconds(20) && testCase.caller.persona == "Slow.")
    #expect(testCase.disfluency.fillers == 10)
    #expect(testCase.world.isTelephone && testCase.world.noise?.ratio == 20)
  }

  @Test("What a case writes stands over its caller, and that over the defaults of the file")
  func order() throws {
    let text = """
      defaults: {flow: appointment, caller: {voice: heart-low, pause: 1s}, world: {level: -6, noise: {sort: white, snr: 5}}}
      cases:
        - id: one
          turns: [Hello]
          caller: {profile: slow, patience: 9s}
          world: {telephone: false}
        - id: two
          turns: [Hello]
      """
    let cases = try Self.cases(text).get()
    #expect(cases[0].caller.voice == "heart-senior" && cases[0].caller.patience == .seconds(9))
    #expect(cases[0].caller.pauseBeforeAnswer == .seconds(1) && cases[0].world.level == -6)
    #expect(!cases[0].world.isTelephone && cases[0].world.noise?.ratio == 20)
    #expect(cases[1].caller.voice == "heart-low" && cases[1].disfluency == DisfluencyRates())
  }

  @Test("The defaults of a file may name a caller, and a case another one")
  func defaults() throws {
    let text = """
      defaults: {flow: appointment, turns: [Hello], caller: slow}
      cases: [{id: one}, {id: two, caller: plain}, {id: three, caller: {voice: heart}}]
      """
    let cases = try Self.cases(text).get()
    #expect(cases.map(\.caller.voice) == ["heart-senior", "heart-senior", "heart"])
    #expect(cases.map(\.disfluency.fillers) == [10, 10, 10])
  }

  @Test("With `vary` each attempt has the whole caller; other properties stand over it")
  func vary() throws {
    let text = "\(Self.head)caller: {patience: 9s}\nworld: {keys: in-band}\nvary: {caller: [slow, plain], level: [-3]}"
    let testCase = try #require(try Self.cases(text).get().first)
    let vary = try #require(testCase.vary)
    #expect(vary.properties.map(\.property) == [.caller, .level])
    let (slow, plain) = (testCase.varied(by: [0, 0]), testCase.varied(by: [1, 0]))
    #expect(slow.caller.voice == "heart-senior" && slow.caller.patience == .seconds(20))
    #expect(slow.disfluency.fillers == 10 && slow.world.isTelephone && slow.world.level == -3)
    #expect(plain.caller.voice == "heart-low" && plain.caller.patience == .seconds(9))
    #expect(plain.disfluency.fillers == 0 && !plain.world.isTelephone)
    #expect([slow, plain].allSatisfy { $0.world.keys == .inBand })
    #expect(slow.varied.map(\.label) == ["slow", "-3"])
  }

  @Test("An unknown name is a fault that tells the known ones")
  func unknown() throws {
    let message = "there is no caller `slwo`; did you mean `slow`? (there are slow, plain)"
    #expect(try Self.faults("\(Self.head)caller: slwo") == [message])
    #expect(try Self.faults("\(Self.head)caller: {profile: slwo}") == [message])
    #expect(try Self.faults("\(Self.head)vary: {caller: [slow, slwo]}") == [message])
    guard case .failure(let faults) = try Self.cases("\(Self.head)caller: slwo") else {
      return #expect(Bool(false), "must be refused")
    }
    #expect(faults.faults.map(\.kind) == [.unknownCaller])
    let none = TestCaseFileReader.read("\(Self.head)caller: slow", file: "x.yaml") { _ in false }
    #expect(throws: FileFaults.self) { try none.get() }
  }

  @Test(
    "Faults of a library say what to do",
    arguments: [
      ("A_B: {title: x}", "cannot name a caller"), ("one: {caller: {voice: heart}}", "has no `title`"),
      ("one: {title: x, mood: y}", "means nothing in caller `one`"), ("[one]", "must be a mapping of names"),
      ("one: {title: x, caller: {goal: to book}}", "means nothing in `caller`"),
      ("one: {title: x, world: {disconnect-after: 3s}}", "means nothing in `world`"),
      ("one: {title: x, caller: {rate: 1000}}", "`rate`"), ("one: {title: x, caller: slow}", "must be a mapping"),
      ("", "the file is empty"),
    ])
  func faults(text: String, part: String) {
    switch CallerLibrary.readAll([(file: "callers.yaml", text: text)]) {
    case .success: Issue.record("read \(text)")
    case .failure(let faults): #expect(faults.faults.contains { $0.message.contains(part) }, "\(faults)")
    }
  }

  @Test("A name stands once in all files")
  func twice() {
    let files = [(file: "a.yaml", text: "one: {title: x}"), (file: "b.yaml", text: "one: {title: y}")]
    #expect(throws: FileFaults.self) { try CallerLibrary.readAll(files).get() }
  }
}
