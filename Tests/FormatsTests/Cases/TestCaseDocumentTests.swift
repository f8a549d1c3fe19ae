import CallCore
import JSON
import Formats
import Testing

@Suite("The predecessor's test cases")
struct TestCaseDocumentTests {
  private let two =
    #"[{"test_id":"book","persona":"In a hurry.","turns":[{"step_order":1,"user_input":"I want to book.","#
    + #""expected_agent_response_keywords":["which day","come"],"exact_match_required":true},"#
    + #"{"step_order":2,"user_input":"Tomorrow, \"please\".","expected_agent_response_keywords":["time"],"#
    + #""exact_match_required":false}]},{"test_id":"keys","persona":"","turns":[{"step_order":1,"#
    + #""user_input":"(presses 4711#)","expected_agent_response_keywords":["right"],"exact_match_required":true},"#
    + #"{"step_order":2,"user_input":"(silence)","expected_agent_response_keywords":["there"],"exact_match_required":true}]}]"#

  private func fault(_ text: String, flow: String? = "appointment") -> WireFault? {
    do throws(WireFault) {
      _ = try TestCaseDocument.read(Array(text.utf8), flow: flow)
      return nil
    } catch {
      return error
    }
  }

  @Test("What was read is written as it was, byte for byte")
  func roundTrip() throws {
    let cases = try TestCaseDocument.read(Array(two.utf8), flow: "appointment")
    #expect(String(decoding: JSONObject.array(cases.map(JSONObject.testCase)), as: UTF8.self) == two)
    #expect(try TestCaseDocument.read(JSONObject.array(cases.map(JSONObject.testCase)), flow: "appointment") == cases)
  }

  @Test("A case means in the model what it meant before")
  func meaning() throws {
    let cases = try TestCaseDocument.read(Array(two.utf8), flow: "appointment")
    #expect(cases.map(\.id) == ["book", "keys"] && cases.map(\.title) == ["book", "keys"])
    #expect(cases.map(\.caller.persona) == ["In a hurry.", ""])
    #expect(cases.map(\.agent) == [TestAgent(flow: "appointment"), TestAgent(flow: "appointment")])
    #expect(
      cases[0].turns == [
        TestTurn(
          number: 1, action: .say([.words("I want to book.")]),
          expectations: [CallCore.Expectation(.keywords(["which day", "come"]))]),
        TestTurn(
          number: 2, action: .say([.words("Tomorrow, \"please\".")]),
          expectations: [CallCore.Expectation(.keywords(["time"]), allowsPartsOfWords: true)]),
      ])
    #expect(cases[1].turns.map(\.action) == [.press("4711#".compactMap { Key($0) }), .staySilent])
  }

  @Test("One case alone is no array; it may name its flow")
  func single() throws {
    let text =
      #"{"test_id":"a","persona":"p","flow":"order-status","turns":[{"step_order":1,"user_input":"Hi.","#
      + #""expected_agent_response_keywords":["x"],"exact_match_required":false}]}"#
    let cases = try TestCaseDocument.read(Array(text.utf8), flow: nil)
    #expect(cases.map(\.agent.flow) == ["order-status"])
    #expect(JSONObject.testCase(cases[0]).jsonText == text.replacing(#""flow":"order-status","#, with: ""))
  }

  @Test("Any case can be written; what the caller does is said in words")
  func anyCase() throws {
    let text = """
      flow: appointment
      id: any
      caller: {persona: Calm.}
      turns:
        - say: My number is [pause 600ms] four.
          expect: {keywords: [a b, c], state: day}
          never: {keywords: [d]}
        - {play: yes.wav, text: "yes"}
        - {play: yes.wav}
        - {press: "47*"}
        - {silent: true}
        - {backchannel: uh-huh, at: 1s}
        - {hang-up: true}
      """
    let found = try #require(try readCases(text).get().first)
    let json = try JSONValue(parsing: JSONObject.testCase(found).json)
    #expect(json["test_id"] == .string("any") && json["persona"] == .string("Calm."))
    #expect((0..<7).map { json.text(at: "turns.\($0).step_order") } == (1...7).map { "\($0)" })
    #expect(
      (0..<7).map { json.text(at: "turns.\($0).user_input") } == [
        "My number is four.", "yes", "(a recording)", "(presses 47*)", "(silence)", "uh-huh", "(hangs up)",
      ])
    guard case .array(let turns) = json["turns"] else {
      Issue.record("no turns")
      return
    }
    #expect(
      turns.map { $0["expected_agent_response_keywords"] } == [.array([.string("a b"), .string("c")])]
        + Array(repeating: .array([]), count: 6))
    #expect(turns.allSatisfy { $0["exact_match_required"] == .bool(true) })
  }

  @Test(
    "What is wrong is named by its path",
    arguments: [
      ("", "not JSON: at byte 0"),
      ("[1]", "testcases[0]: expected an object, got the number 1"),
      (#"[{"test_id":"","persona":"","turns":[]}]"#, "testcases[0].test_id: expected a text that is not empty"),
      (#"[{"test_id":"a b","persona":"","turns":[]}]"#, "testcases[0].test_id: expected letters, digits"),
      (#"{"test_id":"a","persona":""}"#, "testcase.turns: expected 1 to 100 turns, got 0"),
      (#"{"test_id":"a","persona":"","turns":{}}"#, "testcase.turns: expected a list"),
      (#"{"test_id":"a","turns":[TURN]}"#, "testcase.persona: expected a text, got nothing"),
      (#"[{"test_id":"a","persona":"","turns":[TURN,TURN]}]"#, "testcases[0].turns[1].step_order: expected 2"),
      (
        #"[{"test_id":"a","persona":"","turns":[TURN]},{"test_id":"a","persona":"","turns":[TURN]}]"#,
        "testcases[1].test_id"
      ),
      (
        #"{"test_id":"a","persona":"","turns":[{"step_order":1,"user_input":"..."}]}"#,
        "turns[0].user_input: expected a text with words"
      ),
      (
        #"{"test_id":"a","persona":"","turns":[{"step_order":1,"user_input":"a"}]}"#,
        "turns[0].exact_match_required: expected true or false"
      ),
      (
        #"{"test_id":"a","persona":"","turns":[{"step_order":1,"user_input":"a","exact_match_required":true}]}"#,
        "turns[0].expected_agent_response_keywords: expected a list of texts, got nothing"
      ),
      (
        #"{"test_id":"a","persona":"","turns":[{"step_order":1,"user_input":"a","exact_match_required":true,"expected_agent_response_keywords":[]}]}"#,
        "turns[0].expected_agent_response_keywords: expected 1 to 20 keywords"
      ),
      (
        #"{"test_id":"a","persona":"","turns":[{"step_order":1,"user_input":"a","exact_match_required":true,"expected_agent_response_keywords":["a","?"]}]}"#,
        "turns[0].expected_agent_response_keywords[1]: expected a text with words"
      ),
    ])
  func faults(text: String, says: String) {
    let turn =
      #"{"step_order":1,"user_input":"a","expected_agent_response_keywords":["a"],"exact_match_required":true}"#
    let found = fault(text.replacing("TURN", with: turn))
    #expect(found?.message.contains(says) == true, "\(String(describing: found))")
  }

  @Test("Without a flow a case must name it, and a file says where it fails")
  func files() throws {
    #expect(fault(two, flow: nil)?.message.hasPrefix("testcases[0].flow: expected the name of the flow") == true)
    let read = TestCaseFileReader.read(two, file: "old.json", flow: "appointment") { _ in false }
    #expect(try read.get().map(\.source.file) == ["old.json", "old.json"])
    guard case .failure(let faults) = TestCaseFileReader.read("[", file: "old.json", recordingExists: { _ in false })
    else {
      Issue.record("must be refused")
      return
    }
    #expect(faults.faults.map(\.kind) == [.badJSON])
    #expect(faults.description.hasPrefix("old.json:1:1: not JSON: at byte 1"))
  }
}
