public import CallCore
import JSON

/// A call's trace: JSON lines. The first says what the call was begun with and what the trace holds, each other one is a step of the call's
/// machine with the event that came in, its instant and the actions that came out, and the last says that nothing is missing behind it.
///
/// ```
/// {"trace":1,"program":"voiceforge","version":"0.1.0","call":"…","flow":"appointment",…,"holdsWords":true}
/// {"atUs":0,"event":"began","actions":[{"action":"speak","utterance":1,"sentences":["Hello."]}]}
/// {"atUs":20000,"event":"tick"}
/// {"lost":3}
/// {"end":{"steps":2,"lost":3}}
/// ```
public enum CallTrace {
  /// Raised when an older program could not read them.
  public static let format = 1
  /// Most bytes of a line: more than anything that is written, as all texts of a call are bounded.
  public static let lineBytesMax = 4 << 20

  /// The first line.
  /// - Parameter version: of the program that writes it.
  public static func line(of header: CallTraceHeader, version: String) -> [UInt8] {
    line { writer in
      writer.field("trace", format)
      writer.field("program", "voiceforge")
      writer.field("version", version)
      writer.field("call", header.call)
      writer.field("startedAtUs", header.startedAtUnixMicroseconds)
      writer.field("flow", header.flow)
      writer.field("flowDigests", header.flowDigests)
      writer.field("voice", header.voice)
      // As text: JSON's readers may lose what is beyond 53 bits.
      writer.field("seed", String(header.seed))
      writer.field("today", header.today)
      if !header.now.isEmpty { writer.field("now", header.now) }
      writer.object("limits", header.limits.writeTrace)
      writer.field("holdsWords", true)
      writer.field("holdsAudio", false)
      writer.field("holdsCredentials", false)
    }
  }

  /// One step.
  public static func line(of step: CallTraceStep) -> [UInt8] {
    line { writer in
      writer.field("atUs", step.at.microseconds)
      step.event.writeTrace(to: &writer)
      guard !step.actions.isEmpty else { return }
      writer.objects("actions", step.actions) { $1.writeTrace(to: &$0) }
    }
  }

  /// A gap: so many steps were lost here.
  public static func line(lost count: Int) -> [UInt8] { line { $0.field("lost", count) } }

  /// The last line.
  /// - Parameters:
  ///   - steps: lines of steps before it.
  ///   - lost: of all gaps together.
  public static func lastLine(steps: Int, lost: Int) -> [UInt8] {
    line { writer in
      writer.object("end") { writer in
        writer.field("steps", steps)
        writer.field("lost", lost)
      }
    }
  }

  /// An event without its instant, for people.
  public static func text(of event: CallEvent) -> String { text { event.writeTrace(to: &$0) } }

  /// An action, for people; equal for actions that traces do not tell apart.
  public static func text(of action: CallAction) -> String { text(action.writeTrace) }

  private static func text(_ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(reserving: 128)
    writer.object(members)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func line(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter(reserving: 128)
    writer.object(members)
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}

/// What is wrong with a trace, and in which line.
public struct CallTraceFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// From 1.
  public var line: Int
  /// What was expected and what came.
  public var problem: String

  /// Such as `line 12: the trace is cut here`.
  public var description: String { "line \(line): \(problem)" }
}

/// Reads a trace line by line.
public struct CallTraceReader: Sendable {
  /// A line behind the first one.
  public enum Line: Sendable, Equatable {
    /// A step of the machine.
    case step(CallTraceStep)
    /// So many steps were lost here.
    case lost(Int)
  }

  /// What the call was begun with.
  public let header: CallTraceHeader
  /// Version of the program that wrote the trace.
  public let version: String
  /// The line that was read last, from 1.
  public private(set) var lineNumber = 0

  private let bytes: [UInt8]
  private var position = 0
  private var steps = 0
  private var lost = 0
  private var isOver = false

  /// Reads the first line.
  /// - Parameter bytes: the file. The caller bounds its length.
  public init(_ bytes: [UInt8]) throws(CallTraceFault) {
    self.bytes = bytes
    guard !bytes.isEmpty else { throw CallTraceFault(line: 1, problem: "the file is empty") }
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let fields = try Self.fields(of: bytes[..<end], line: 1)
    do throws(WireFault) {
      guard fields["trace"] != nil else {
        throw WireFault(
          .missingField, "expected the first line of a trace, with \"trace\" and a number, got another object")
      }
      let format = try fields.number("trace", TraceBounds.count)
      version = try fields.text("version", 0...64)
      guard (1...CallTrace.format).contains(format) else {
        throw WireFault(
          .outOfRange,
          "the trace has format \(format), and this program reads up to \(CallTrace.format): replay it with version \(version) of voiceforge"
        )
      }
      header = try CallTraceHeader(traced: fields)
    } catch {
      throw CallTraceFault(line: 1, problem: Self.problem(error, line: 1))
    }
    (position, lineNumber) = (end + 1, 1)
  }

  /// The next line; `nil` behind the last one.
  public mutating func next() throws(CallTraceFault) -> Line? {
    guard !isOver else { return nil }
    lineNumber += 1
    guard position < bytes.count else { throw fault("the trace is cut: its last line, which has \"end\", is missing") }
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw fault("the trace is cut in the middle of this line")
    }
    let fields = try Self.fields(of: bytes[position..<end], line: lineNumber)
    position = end + 1
    do throws(WireFault) { return try line(fields) } catch {
      throw fault(Self.problem(error, line: lineNumber))
    }
  }

  private mutating func line(_ fields: JSONFields) throws(WireFault) -> Line? {
    if fields["event"] != nil {
      steps += 1
      return .step(
        CallTraceStep(
          at: try fields.tracedInstant("atUs"), event: try CallEvent(traced: fields),
          actions: try fields.list("actions") { fields throws(WireFault) in try CallAction(traced: fields) }))
    }
    if fields["lost"] != nil {
      let count = try fields.number("lost", 1...WireLimits.wholeNumberMax / 1000)
      lost = min(lost + count, WireLimits.wholeNumberMax)
      return .lost(count)
    }
    guard fields["end"] != nil else {
      throw WireFault(.missingField, "expected a step with \"event\", \"lost\" or \"end\", got neither")
    }
    let end = try fields.object("end")
    let count = try end.number("steps", 0...WireLimits.wholeNumberMax)
    guard count == steps else {
      throw WireFault(
        .outOfRange, "expected \(count) steps before this line, got \(steps): lines are missing or too many")
    }
    let left = try end.number("lost", 0...WireLimits.wholeNumberMax)
    guard left == lost else {
      throw WireFault(
        .outOfRange, "expected \(left) lost steps before this line, got \(lost): lines are missing or too many")
    }
    guard position >= bytes.count else { throw WireFault(.outOfPlace, "there are lines behind the end") }
    isOver = true
    return nil
  }

  private func fault(_ problem: String) -> CallTraceFault { CallTraceFault(line: lineNumber, problem: problem) }

  private static func fields(of line: ArraySlice<UInt8>, line number: Int) throws(CallTraceFault) -> JSONFields {
    guard line.count <= CallTrace.lineBytesMax else {
      throw CallTraceFault(
        line: number, problem: "it has \(line.count) bytes; at most \(CallTrace.lineBytesMax) are read")
    }
    do throws(WireFault) { return try JSONFields(archived: Array(line), place: place(number)) } catch {
      throw CallTraceFault(line: number, problem: problem(error, line: number))
    }
  }

  private static func place(_ line: Int) -> String { "line \(line)" }

  /// The message without the line, which stands before it anyway.
  private static func problem(_ fault: WireFault, line: Int) -> String {
    for prefix in ["\(place(line)).", "\(place(line)): ", "\(place(line)) "] where fault.message.hasPrefix(prefix) {
      return String(fault.message.dropFirst(prefix.count))
    }
    return fault.message
  }
}

extension CallTraceHeader {
  fileprivate init(traced fields: JSONFields) throws(WireFault) {
    let seed = try fields.text("seed", 1...20)
    guard let seed = UInt64(seed) else { throw fields.outOfRange("seed", "a whole number as a text", .string(seed)) }
    let name = 1...WireLimits.nameCharactersMax
    self.init(
      call: try fields.text("call", name), flow: try fields.text("flow", name),
      flowDigests: try fields.texts("flowDigests"), voice: try fields.text("voice", name),
      limits: try TurnLimits(traced: try fields.object("limits")), seed: seed, today: try fields.text("today", 0...32),
      now: try fields.optionalText("now", 0...32) ?? "")
    startedAtUnixMicroseconds = Int64(try fields.number("startedAtUs", 0...WireLimits.wholeNumberMax))
  }
}

extension TurnLimits {
  private static var thresholds: [(String, WritableKeyPath<TurnLimits, SpeechProbability>)] {
    [("speechThreshold", \.speechThreshold), ("silenceThreshold", \.silenceThreshold)]
  }

  private static var spans: [(String, WritableKeyPath<TurnLimits, CallDuration>)] {
    [
      ("speechMinUs", \.speechMin), ("bargeInSpeechMinUs", \.bargeInSpeechMin),
      ("speculationSilenceUs", \.speculationSilence), ("endOfTurnSilenceUs", \.endOfTurnSilence),
      ("judgementSilenceUs", \.judgementSilence), ("unfinishedTurnSilenceUs", \.unfinishedTurnSilence),
      ("preRollUs", \.preRoll), ("turnDurationMaxUs", \.turnDurationMax), ("stallMaxUs", \.stallMax),
      ("keyPauseUs", \.keyPause), ("recognitionMaxUs", \.recognitionMax), ("synthesisMaxUs", \.synthesisMax),
      ("toolGraceUs", \.toolGrace), ("fillerAfterUs", \.fillerAfter), ("modelMaxUs", \.modelMax),
      ("utteranceDurationMaxUs", \.utteranceDurationMax),
      ("callDurationMaxUs", \.callDurationMax),
    ]
  }

  /// Hundred times what a server uses; the machine's work grows with them.
  private static let tracedCountMax = 100_000
  /// Inputs that wait are used one within the other.
  private static let tracedInputAheadMax = 256

  private static var counts: [(String, WritableKeyPath<TurnLimits, Int>)] {
    [
      ("keysMax", \.keysMax), ("inputAheadMax", \.inputAheadMax), ("engineFailuresMax", \.engineFailuresMax),
      ("turnsMax", \.turnsMax), ("textMax", \.textMax), ("transcriptEntriesMax", \.transcriptEntriesMax),
      ("timelineEntriesMax", \.timelineEntriesMax), ("modelSpeechMax", \.modelSpeechMax),
      ("earlyAnswersMax", \.earlyAnswersMax),
    ]
  }

  fileprivate func writeTrace(to writer: inout JSONWriter) {
    for (name, path) in Self.thresholds { writer.field(name, self[keyPath: path].thousandths) }
    for (name, path) in Self.spans { writer.field(name, self[keyPath: path].microseconds) }
    if let partialInterval { writer.field("partialIntervalUs", partialInterval.microseconds) }
    if endOfTurn != .silence { writer.field("endOfTurn", endOfTurn.rawValue) }
    if !endsTurnsByMeaning { writer.field("endsTurnsByMeaning", false) }
    if !pausesForWords { writer.field("pausesForWords", false) }
    writer.field("completenessMin", completenessMin.thousandths)
    for (name, path) in Self.counts { writer.field(name, self[keyPath: path]) }
  }

  /// A limit that is not there is that of this version, except for answers begun early: traces from before there were any must replay without them.
  fileprivate init(traced fields: JSONFields) throws(WireFault) {
    self.init()
    earlyAnswersMax = 0
    for (name, path) in Self.thresholds where fields[name] != nil {
      self[keyPath: path] = SpeechProbability(thousandths: try fields.number(name, 0...1000))
    }
    for (name, path) in Self.spans where fields[name] != nil { self[keyPath: path] = try fields.tracedSpan(name) }
    endOfTurn = try fields.optionalChoice("endOfTurn", of: EndOfTurnRule.allCases) ?? .silence
    if fields["endsTurnsByMeaning"] != nil { endsTurnsByMeaning = try fields.flag("endsTurnsByMeaning") }
    if fields["pausesForWords"] != nil { pausesForWords = try fields.flag("pausesForWords") }
    if fields["completenessMin"] != nil {
      completenessMin = TurnCompleteness(thousandths: try fields.number("completenessMin", 0...1000))
    }
    if fields["partialIntervalUs"] != nil { partialInterval = try fields.tracedSpan("partialIntervalUs") }
    for (name, path) in Self.counts where fields[name] != nil {
      let most = name == "inputAheadMax" ? Self.tracedInputAheadMax : Self.tracedCountMax
      self[keyPath: path] = try fields.number(name, 0...most)
    }
  }
}
