import JSON
import FoundationEssentials
import Testing
import TestSupport

@Suite("JSON")
struct JSONValueTests {
  @Test(
    "every kind of value",
    arguments: [
      ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("-0", .integer(0)),
      ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
      ("-1.5e2", .number(-150)), ("1E+1", .number(10)), ("[]", .array([])),
      ("[1, [2]]", .array([.integer(1), .array([.integer(2)])])),
      ("{}", .object([:])), ("{\"a\":{\"b\":null}}", .object(["a": .object(["b": .null])])),
      ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀\"", .string("a\"\\/\u{8}\u{C}\n\r\té😀é😀")),
    ])
  func values(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test("a byte order mark before the value is passed over, and no more than one")
  func byteOrderMark() throws {
    #expect(try JSONValue(parsing: "\u{FEFF}{\"a\": 1}") == .object(["a": .integer(1)]))
    for text in ["\u{FEFF}", "\u{FEFF}\u{FEFF}1", "1\u{FEFF}", " \u{FEFF}1"] {
      #expect(throws: JSONFault.self) { try JSONValue(parsing: text) }
    }
  }

  @Test(
    "what is not JSON is refused where it goes wrong",
    arguments: [
      ("", 0), ("{", 1), ("{\"a\"}", 4), ("{\"a\":1,}", 7), ("{a:1}", 1), ("[1,]", 3), ("[1 2]", 3), ("01", 1),
      ("1.", 2), ("-", 1),
      (".5", 0), ("+1", 0), ("1e", 2), ("nul", 3), ("nulll", 4), ("tru", 3), ("\"", 1), ("\"\\x\"", 2),
      ("\"\\u12G4\"", 5), ("\"\u{1}\"", 1),
      ("\"\\ud800\"", 1), ("\"\\ud800\\ud800\"", 1), ("\"\\udbff\\uffff\"", 1), ("\"\\udc00\"", 1),
      ("\"\\ud800\\u0041\"", 1), ("1e999", 0), ("{\"a\":1,\"a\":2}", 7),
      ("'a'", 0), ("NaN", 0),
    ])
  func refusals(text: String, offset: Int) {
    do {
      let value = try JSONValue(parsing: text)
      Issue.record("\(text) gave \(value)")
    } catch {
      #expect(error.offset == offset, "\(text): \(error)")
      #expect(error.kind == .malformed)
    }
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [[0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    #expect(throws: JSONFault.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
    #expect(throws: JSONFault.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E] + bytes + [0x22]) }
  }

  @Test("the limit of nesting holds for lists and objects, and a bomb is refused at once")
  func nesting() throws {
    #expect(throws: Never.self) { try JSONValue(parsing: "[[{\"a\":[]}]]", nestingMax: 4) }
    for text in [
      "[[{\"a\":[]}]]", String(repeating: "[", count: 1_000_000), String(repeating: "{\"a\":", count: 100_000),
    ] {
      do {
        _ = try JSONValue(parsing: text, nestingMax: 3)
        Issue.record("a bomb went through")
      } catch {
        #expect(error.kind == .tooDeep)
      }
    }
  }

  @Test("whole numbers are whole however they are written")
  func wholeNumbers() throws {
    #expect(try JSONValue(parsing: "16000.0").wholeNumber == 16000)
    #expect(try JSONValue(parsing: "16e3").wholeNumber == 16000)
    #expect(try JSONValue(parsing: "1.5").wholeNumber == nil)
    #expect(try JSONValue(parsing: "1e300").wholeNumber == nil)
    #expect(try JSONValue(parsing: "\"1\"").wholeNumber == nil)
  }

  @Test("an absent member, a null and a member of no object are all nothing")
  func members() throws {
    let value = try JSONValue(parsing: "{\"a\":{\"b\":7},\"c\":null}")
    #expect(value["a"]?["b"] == .integer(7))
    #expect(value["c"] == nil)
    #expect(value["d"] == nil)
    #expect(value["a"]?["b"]?["c"] == nil)
  }

  /// Whether a list or an object ends behind a comma, at `offset`: Foundation takes that, RFC 8259 does not.
  static func isTrailingComma(_ offset: Int, _ bytes: [UInt8]) -> Bool {
    offset < bytes.count && "]}".utf8.contains(bytes[offset])
      && bytes[..<offset].last { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") } == UInt8(ascii: ",")
  }

  /// Foundation judges: what we take it takes, with the same meaning; what we refuse it refuses, but for the cases that
  /// we mean to be stricter about.
  @Test("random damage to a message is judged as Foundation judges it", arguments: [11, 12, 13, 14])
  func foundationAgrees(seed: UInt64) throws {
    let whole = Array(
      "{\"a\": [1, -2.5e3, true, null, \"x\\u00e9\\n\"], \"b\": {\"c\": \"\\ud83d\\ude00\", \"d\": []}, \"e\": 0}".utf8)
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("{}[]\",:\\u0123456789eE+-.truefalsnl \n\u{1}é".utf8)
    var taken = 0
    for _ in 0..<5_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)], at: place)
        default: bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let theirs = try? JSONDecoder().decode(Judge.self, from: Data(bytes)).value
      do {
        let ours = try JSONValue(parsing: bytes)
        taken += 1
        try #require(ours.withWholeNumbersWhole == theirs, "seed \(seed): \(text)")
      } catch let error as JSONFault {
        try #require(
          theirs == nil || error.problem.contains("twice") || Self.isTrailingComma(error.offset, bytes),
          "seed \(seed): \(text): \(error)")
      }
    }
    #expect(taken > 500)
  }
}

extension JSONValue {
  /// The value as Foundation understands it, to which `-2.5e3` is a whole number.
  fileprivate var withWholeNumbersWhole: JSONValue {
    switch self {
    case .number: wholeNumber.map { .integer($0) } ?? self
    case .array(let elements): .array(elements.map(\.withWholeNumbersWhole))
    case .object(let members): .object(members.mapValues(\.withWholeNumbersWhole))
    default: self
    }
  }
}

/// Foundation's reading of a JSON text as our value.
private struct Judge: Decodable {
  let value: JSONValue

  init(from decoder: any Decoder) throws {
    if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
      var members: [String: JSONValue] = [:]
      for key in keyed.allKeys { members[key.stringValue] = try keyed.decode(Judge.self, forKey: key).value }
      value = .object(members)
    } else if var list = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !list.isAtEnd { elements.append(try list.decode(Judge.self).value) }
      value = .array(elements)
    } else {
      let single = try decoder.singleValueContainer()
      value =
        if single.decodeNil() {
          .null
        } else if let flag = try? single.decode(Bool.self) {
          .bool(flag)
        } else if let text = try? single.decode(String.self) {
          .string(text)
        } else if let whole = try? single.decode(Int64.self) {
          .integer(whole)
        } else {
          .number(try single.decode(Double.self))
        }
    }
  }
}

private struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
