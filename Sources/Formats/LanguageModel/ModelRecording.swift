public import CallCore
import JSON

/// What language models said in the calls of one test case, and what the agent heard in them, so that both can be played again: a file of
/// JSON Lines, of which the first says what it is.
///
/// An answer is found by its question, whole and byte for byte, and by how often the call asked that before. Where, by which key and for how
/// long it was asked is not in the file. In a masked recording questions are the same whose texts differ in nothing but digits.
public struct ModelRecording: Sendable, Equatable {
  /// One answer.
  public struct Answer: Sendable, Equatable {
    /// What was asked.
    public var question: ModelRequest
    /// How often the call had asked this before, from 0.
    public var occurrence: Int
    /// Who answered, as the server calls it.
    public var model: String
    /// What came, each so long after the question.
    public var pieces: [Piece]
    /// Why nothing more came; `nil`: it was whole.
    public var fault: ModelFault?
    /// When that was, after the question.
    public var endedAfter: CallDuration
    /// Where each number of a masked answer stands in its question, those of the words first; `nil`: it stands nowhere there.
    var numbers: [QuestionNumber?] = []

    /// - Parameter endedAfter: after the question.
    public init(
      question: ModelRequest, occurrence: Int, model: String, pieces: [Piece], fault: ModelFault?,
      endedAfter: CallDuration
    ) {
      (self.question, self.occurrence, self.model, self.pieces) = (question, occurrence, model, pieces)
      (self.fault, self.endedAfter) = (fault, endedAfter)
    }
  }

  /// A piece of an answer.
  public struct Piece: Sendable, Equatable {
    /// After the question; whole milliseconds.
    public var after: CallDuration
    /// What came.
    public var delta: ModelDelta

    /// - Parameter after: the question.
    public init(after: CallDuration, _ delta: ModelDelta) { (self.after, self.delta) = (after, delta) }
  }

  /// What the agent understood in a turn of the call with this seed.
  public struct Heard: Sendable, Hashable {
    /// The luck of the call.
    public var seed: UInt64
    /// From 1.
    public var turn: Int

    /// - Parameter turn: from 1.
    public init(seed: UInt64, turn: Int) { (self.seed, self.turn) = (seed, turn) }
  }

  /// Id of the case.
  public var testCase: String
  /// Whether digits are masked.
  public var isMasked = false
  /// In no order that matters.
  public var answers: [Answer] = []
  /// The words, by turn.
  public var heard: [Heard: String] = [:]

  /// The first member of a file.
  static let format = "voiceforge-model-recording/1"
  /// Largest file that is read.
  public static let bytesMax = 64 << 20

  /// Nothing yet.
  /// - Parameters:
  ///   - testCase: its id.
  ///   - isMasked: whether digits are masked in it.
  public init(testCase: String, isMasked: Bool = false) { (self.testCase, self.isMasked) = (testCase, isMasked) }

  /// Names a question in messages and sorts answers: the same for equal questions.
  public static func key(_ question: ModelRequest) -> String {
    var writer = JSONWriter()
    writer.object { ModelRequestDocument(question).writeMembers(to: &$0) }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

// MARK: - The file

extension ModelRecording {
  /// The same recording always gives the same text, whatever order things were recorded in.
  public var text: String {
    var lines = [
      Self.line { writer in
        writer.field("format", Self.format)
        writer.field("case", testCase)
        if isMasked { writer.field("masked", true) }
      }
    ]
    for (place, words) in heard.sorted(by: { ($0.key.seed, $0.key.turn) < ($1.key.seed, $1.key.turn) }) {
      lines.append(
        Self.line { writer in
          writer.field("heard", words)
          writer.field("seed", "\(place.seed)")
          writer.field("turn", place.turn)
        })
    }
    let sorted = answers.map { (Self.key($0.question), $0) }.sorted {
      ($0.1.question.messages.count, $0.0, $0.1.occurrence) < ($1.1.question.messages.count, $1.0, $1.1.occurrence)
    }
    lines += sorted.map { _, answer in Self.line { answer.writeMembers(to: &$0) } }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func line(_ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object(members)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// - Parameter text: of a file, as `text` gives it.
  /// - Throws: the line and what is wrong with it.
  public init(parsing text: String) throws(Fault) {
    testCase = ""
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy(\.isWhitespace) { continue }
      do throws(WireFault) {
        try read(line, isFirst: number == 1)
      } catch {
        throw Fault(line: number, why: error.message)
      }
    }
    if number == 0 || testCase.isEmpty { throw Fault(line: 1, why: "the file is empty") }
  }

  private mutating func read(_ line: Substring, isFirst: Bool) throws(WireFault) {
    let value: JSONValue
    do throws(JSONFault) { value = try JSONValue(parsing: String(line)) } catch {
      throw WireFault(.malformedJSON, "no JSON: \(error)")
    }
    let fields = try JSONFields(value, place: "line")
    if isFirst {
      let format = try fields.text("format")
      guard format == Self.format else {
        throw fields.outOfRange("format", Self.format, .string(format))
      }
      testCase = try fields.text("case", 1...WireLimits.nameCharactersMax)
      if fields["masked"] != nil { isMasked = try fields.flag("masked") }
    } else if let words = try fields.optionalText("heard") {
      let seed = try fields.text("seed", 1...20)
      guard let number = UInt64(seed) else {
        throw fields.outOfRange("seed", "a whole number as a text", .string(seed))
      }
      heard[Heard(seed: number, turn: try fields.number("turn", 1...WireLimits.countMax))] = words
    } else {
      answers.append(try Answer(fields))
    }
  }

  /// What is wrong with a file.
  public struct Fault: Error, Sendable, CustomStringConvertible {
    /// From 1.
    public var line: Int
    /// In a few words.
    public var why: String

    /// With the line first.
    public var description: String { "line \(line): \(why)" }
  }
}

extension ModelRecording.Answer {
  fileprivate func writeMembers(to writer: inout JSONWriter) {
    writer.object("question") { ModelRequestDocument(question).writeMembers(to: &$0) }
    if occurrence > 0 { writer.field("occurrence", occurrence) }
    writer.field("model", model)
    writer.objects("pieces", pieces) { writer, piece in
      writer.field("afterMs", piece.after.milliseconds)
      piece.delta.writeMembers(to: &writer)
    }
    writer.field("endedAfterMs", endedAfter.milliseconds)
    if numbers.contains(where: { $0 != nil }) {
      writer.objects("numbers", numbers) { writer, place in
        guard let place else { return }
        writer.field("message", place.message)
        writer.field("number", place.number)
      }
    }
    guard let fault else { return }
    writer.object("fault") { writer in
      writer.field("kind", fault.kind.rawValue)
      writer.field("message", fault.description)
    }
  }

  fileprivate init(_ fields: JSONFields) throws(WireFault) {
    let span = 0...WireLimits.millisecondsMax
    var fault: ModelFault?
    if fields["fault"] != nil {
      let members = try fields.object("fault")
      fault = ModelFault(
        try members.choice("kind", of: ModelFault.Kind.allCases), try members.text("message"))
    }
    self.init(
      question: try ModelRequestDocument(try fields.object("question")).request,
      occurrence: try fields.optionalNumber("occurrence", 0...WireLimits.countMax) ?? 0,
      model: try fields.text("model"),
      pieces: try fields.list("pieces") { piece throws(WireFault) in
        ModelRecording.Piece(
          after: .milliseconds(try piece.number("afterMs", span)), try ModelDelta(piece))
      },
      fault: fault, endedAfter: .milliseconds(try fields.number("endedAfterMs", span)))
    if fields["numbers"] != nil {
      numbers = try fields.list("numbers") { place throws(WireFault) -> QuestionNumber? in
        guard let message = try place.optionalNumber("message", 0...WireLimits.countMax) else { return nil }
        return QuestionNumber(message: message, number: try place.number("number", 0...WireLimits.countMax))
      }
    }
  }
}

// MARK: - Finding an answer

extension ModelRecording {
  /// The answer to a question.
  /// - Parameters:
  ///   - question: what is asked.
  ///   - occurrence: how often the call asked this before.
  /// - Returns: its place in `answers`, and whether it drifted: the agent was interrupted a little sooner or later than when this was recorded,
  ///   and nothing else differs.
  public func answer(to question: ModelRequest, occurrence: Int) -> (index: Int, hasDrifted: Bool)? {
    if let index = answers.firstIndex(where: { $0.occurrence == occurrence && $0.question == question }) {
      return (index, false)
    }
    let nearly = answers.firstIndex { $0.occurrence == occurrence && Self.differInCutsOnly($0.question, question) }
    return nearly.map { ($0, true) }
  }

  private static func differInCutsOnly(_ left: ModelRequest, _ right: ModelRequest) -> Bool {
    guard left.messages.count == right.messages.count else { return false }
    let agree = zip(left.messages, right.messages).allSatisfy { known, new in
      guard case .assistant(let before, let calls) = known, case .assistant(let now, calls) = new else {
        return known == new
      }
      return before.hasPrefix(now) || now.hasPrefix(before)
    }
    var other = right
    other.messages = left.messages
    return agree && left == other
  }
}

// MARK: - What was not recorded

extension ModelRecording {
  /// Why a question has no answer here, with the question that is most like it and where the two differ.
  public func difference(from asked: ModelRequest) -> String {
    let likeness = answers.map { ($0.question, Self.agreement($0.question, asked)) }
    guard let nearest = likeness.max(by: { $0.1 < $1.1 })?.0 else { return "nothing is recorded" }
    let pairs = zip(nearest.messages, asked.messages)
    for (index, (known, new)) in pairs.enumerated() where known != new {
      return "message \(index + 1) was \(Self.summary(known, beside: new)) and is \(Self.summary(new, beside: known))"
    }
    guard nearest.messages.count == asked.messages.count else {
      let more = asked.messages.dropFirst(nearest.messages.count).first.map { Self.summary($0, beside: nil) }
      return more.map { "behind message \(nearest.messages.count) there is \($0) now" }
        ?? "there were \(nearest.messages.count) messages and are \(asked.messages.count)"
    }
    return nearest == asked ? "it is asked more often than before" : "the tools or the limits are others"
  }

  private static func agreement(_ left: ModelRequest, _ right: ModelRequest) -> Int {
    zip(left.messages, right.messages).prefix { $0 == $1 }.count * 2
      + (left.messages.count == right.messages.count ? 1 : 0)
  }

  /// A message in a few words, from shortly before where it differs from the other one.
  private static func summary(_ message: ModelMessage, beside other: ModelMessage?) -> String {
    let (role, text) = parts(message)
    let same = zip(text, other.map { parts($0).text } ?? "").prefix { $0 == $1 }.count
    let start = max(0, same - 15)
    return "\(role) \(start > 0 ? "…" : "")\(String(text.dropFirst(start)).quoted)"
  }

  private static func parts(_ message: ModelMessage) -> (role: String, text: String) {
    switch message {
    case .system(let text): ("system", text)
    case .user(let text): ("user", text)
    case .assistant(let text, let calls):
      (calls.isEmpty ? "assistant" : "assistant with \(calls.map(\.name).joined(separator: ", "))", text)
    case .toolResult(_, let text): ("tool", text)
    }
  }
}
