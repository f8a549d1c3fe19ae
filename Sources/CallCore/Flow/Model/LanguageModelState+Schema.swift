import JSON

/// What a language model is told of its tools.
extension LanguageModelState {
  /// Every tool, that for `slots` the last.
  var offered: [ModelTool] {
    let tools = tools.map { tool in
      ModelTool(
        name: tool.name, about: tool.about, parameters: tool.arguments.jsonSchema(required: tool.arguments.map(\.name)))
    }
    guard !slots.isEmpty else { return tools }
    let about = "Keeps what the caller said or confirmed. Give only what is known; leave out the rest."
    return tools + [
      ModelTool(name: LanguageModelTool.save, about: about, parameters: slots.jsonSchema(required: []))
    ]
  }
}

extension [LanguageModelSlot] {
  /// The JSON schema of an object with these members.
  fileprivate func jsonSchema(required: [String]) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", "object")
      writer.object("properties") { writer in
        for slot in self { writer.object(slot.name) { slot.writeSchema(to: &$0) } }
      }
      writer.list("required", required)
      writer.field("additionalProperties", false)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension LanguageModelSlot {
  fileprivate func writeSchema(to writer: inout JSONWriter) {
    switch kind {
    case .number(let least, let most):
      writer.field("type", "number")
      writer.field("minimum", least)
      writer.field("maximum", most)
    case .choice(let choices):
      writer.field("type", "string")
      writer.list("enum", choices.map(\.value))
    case .yesNo:
      writer.field("type", "string")
      writer.list("enum", ["yes", "no"])
    case .digits, .date, .time, .name, .text:
      writer.field("type", "string")
    }
    writer.field("description", [about, kind.written].filter { !$0.isEmpty }.joined(separator: "; "))
  }

  /// The value as a slot holds it; `nil` when it is none of this kind.
  func value(_ given: String, today: CalendarDate?) -> String? {
    switch kind {
    case .date: CalendarDate(given) != nil ? given : kind.value(said: given, today: today)
    case .time: given.isClockTime ? given : kind.value(said: given, today: today)
    case .choice(let choices): choices.contains { $0.value == given } ? given : kind.value(said: given, today: today)
    case .digits, .number, .yesNo, .name, .text: kind.value(said: given, today: today)
    }
  }

  /// Whether a value, as `value` gives it, is found in something that was said.
  func isFound(_ value: String, in said: String, today: CalendarDate?) -> Bool {
    if kind.value(said: said, today: today) == value { return true }
    let (words, heard) = (UtteranceWords(value).folded, UtteranceWords(said).folded)
    guard !words.isEmpty, words.count <= heard.count else { return false }
    return (0...heard.count - words.count).contains { heard[$0..<$0 + words.count].elementsEqual(words) }
  }
}

extension SlotKind {
  /// How a model is to write such a value; empty where that needs no word.
  fileprivate var written: String {
    switch self {
    case .digits(let lengths):
      lengths.lowerBound == lengths.upperBound
        ? "\(lengths.lowerBound) digits" : "\(lengths.lowerBound) to \(lengths.upperBound) digits"
    case .date: "a day as YYYY-MM-DD"
    case .time: "a time of day as HH:MM"
    case .number, .yesNo, .name, .text, .choice: ""
    }
  }
}

extension String {
  /// `15:30`, from `00:00` to `23:59`.
  package var isClockTime: Bool {
    let bytes = Array(utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = Int(prefix(2)), let minute = Int(suffix(2)) else {
      return false
    }
    return (0..<24).contains(hour) && (0..<60).contains(minute)
  }
}
