import CallCore
import JSON

extension Expectation {
  func archive(to writer: inout JSONWriter) {
    writer.field("check", check.kind.rawValue)
    switch check {
    case .keywords(let texts), .anyOf(let texts), .excludes(let texts): writer.list("texts", texts) { $0.value($1) }
    case .regex(let expression): writer.field("text", expression.source)
    case .exact(let text), .state(let text), .outcome(let text): writer.field("text", text)
    case .similarity(let text, let percent):
      writer.field("text", text)
      writer.field("limit", percent)
    case .slot(let name, let value):
      writer.field("slot", name)
      writer.field("text", value)
    case .ended(let reason): writer.field("text", reason.rawValue)
    case .latency(let span), .yield(let span), .duration(let span): writer.field("limitUs", span.microseconds)
    case .understood(let limit), .talkOver(let limit): writer.field("limit", limit)
    }
    writer.field("isAbsent", isAbsent)
    writer.field("allowsPartsOfWords", allowsPartsOfWords)
    writer.field("line", line)
  }

  init(archived fields: JSONFields) throws(WireFault) {
    self.init(
      try Check(archived: fields), isAbsent: try fields.isSet("isAbsent"),
      allowsPartsOfWords: try fields.isSet("allowsPartsOfWords"), line: try fields.number("line"))
  }
}

extension Expectation.Check {
  fileprivate init(archived fields: JSONFields) throws(WireFault) {
    let kind = try fields.choice("check", of: CheckKind.allCases)
    switch kind {
    case .keywords: self = .keywords(try fields.textList("texts"))
    case .anyOf: self = .anyOf(try fields.textList("texts"))
    case .excludes: self = .excludes(try fields.textList("texts"))
    case .exact: self = .exact(try fields.text("text"))
    case .regex: self = .regex(CompiledPattern(try fields.text("text")))
    case .state: self = .state(try fields.text("text"))
    case .outcome: self = .outcome(try fields.text("text"))
    case .similarity: self = .similarity(try fields.text("text"), percentMin: try fields.number("limit"))
    case .slot: self = .slot(try fields.text("slot"), try fields.text("text"))
    case .ended: self = .ended(try fields.choice("text", of: CloseReason.allCases))
    case .latency: self = .latency(max: try fields.exactSpan("limitUs"))
    case .yield: self = .yield(max: try fields.exactSpan("limitUs"))
    case .duration: self = .duration(max: try fields.exactSpan("limitUs"))
    case .understood: self = .understood(wordErrorsMax: try fields.number("limit"))
    case .talkOver: self = .talkOver(percentMax: try fields.number("limit"))
    case .reply, .ownWords, .echo, .interruption, .selectivity, .coverage, .line, .stimulus:
      throw fields.outOfRange("check", "a check that is written in a case", .string(kind.rawValue))
    }
  }
}
