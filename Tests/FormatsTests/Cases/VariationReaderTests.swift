import CallCore
import Formats
import Testing

@Suite("Test case reader: vary")
struct VariationReaderTests {
  private static func text(_ vary: String) -> String {
    """
    cases:
      - id: anyone
        flow: appointment
        turns: [Hello]
        vary: \(vary)
    """
  }

  @Test("Values are written as under `caller` and `world`, one of them alone or in a list")
  func values() throws {
    let vary =
      "{pick: pairs, voice: [heart, heart-low], rate: 120%, noise: [none, {sort: babble, snr: 25}], level: [0, -6 dB], "
      + "echo: {level: -40, delay: 80ms}, telephone: [true, false], network: {loss: 3%, burst: 2}}"
    let testCase = try #require(try readCases(Self.text(vary)).get().first)
    let read = try #require(testCase.vary)
    #expect(read.choice == .pairs)
    #expect(read.properties.map(\.property) == [.voice, .rate, .noise, .level, .echo, .telephone, .network])
    #expect(read.properties[0].values.map(\.caller.voice) == ["heart", "heart-low"])
    #expect(read.properties[1].values.map(\.caller.style.ratePercent) == [120])
    #expect(read.properties[2].values.map(\.world.noise?.ratio) == [nil, 25])
    #expect(read.properties[2].values.map(\.label) == ["none", "sort babble, snr 25"])
    #expect(read.properties[3].values.map(\.world.level) == [0, -6])
    #expect(read.properties[4].values.map(\.world.echo?.level) == [-40])
    #expect(read.properties[5].values.map(\.world.isTelephone) == [true, false])
    #expect(read.properties[6].values.map(\.world.network.lossBurst) == [2])
    #expect(testCase.varied.isEmpty)
    #expect(read.combinations == 16)
  }

  @Test("Values are drawn where nothing else is said; defaults are inherited by key")
  func defaults() throws {
    let text = """
      defaults: {flow: appointment, turns: [Hello], vary: {voice: [heart, heart-low], level: [0, -6]}}
      cases:
        - id: one
        - {id: two, vary: {pick: all, level: [-3, -9, 3]}}
        - {id: three, vary: none}
      """
    let cases = try readCases(text).get()
    #expect(cases.map { $0.vary?.choice } == [.drawn, .all, nil])
    #expect(cases.map { $0.vary?.combinations } == [4, 6, nil])
  }

  @Test(
    "Wrong values are faults with their place",
    arguments: [
      ("{}", "names nothing that varies"), ("{pick: pairs}", "names nothing that varies"),
      ("{voice: []}", "empty list"), ("{pick: some, voice: heart}", "cannot be `some`"),
      ("{noise: {sort: babble}}", "snr"), ("{level: [0, 99]}", "level"), ("{colour: red}", "colour"), ("heart", "vary"),
      ("{rate: [\((1...21).map { "\($0 + 60)" }.joined(separator: ", "))]}", "20"),
    ])
  func faults(vary: String, says: String) {
    guard case .failure(let fault) = readCases(Self.text(vary)) else {
      Issue.record("\(vary) was taken")
      return
    }
    #expect("\(fault)".contains(says), "\(fault)")
  }

  @Test("More combinations than anybody runs are refused for `pick: all` alone")
  func combinations() throws {
    let numbers = (61...80).map { "\($0)" }.joined(separator: ", ")
    let levels = (-10...9).map { "\($0)" }.joined(separator: ", ")
    let many = "rate: [\(numbers)], pitch: [\(numbers)], level: [\(levels)], telephone: [true, false]"
    guard case .failure(let fault) = readCases(Self.text("{pick: all, \(many)}")) else {
      Issue.record("16,000 combinations were taken")
      return
    }
    #expect("\(fault)".contains("16000 combinations"), "\(fault)")
    #expect(try readCases(Self.text("{pick: pairs, \(many)}")).get().count == 1)
  }
}
