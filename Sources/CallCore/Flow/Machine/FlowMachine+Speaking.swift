extension FlowMachine {
  /// Everything that a text may name: variables, slots and what the flow knows of itself.
  var values: [String: String] {
    var values = variables
    values["flow"] = flow.name
    values["state"] = currentState
    return values
  }

  func rendered(_ text: FlowText) -> String { text.rendered(with: values) }

  /// Says the text, unless there is nothing in it, and keeps it for "repeat".
  mutating func speak(_ text: FlowText?, interruptible: Bool, into outputs: inout [FlowOutput]) {
    speak(text.map(rendered) ?? "", interruptible: interruptible, isKept: true, into: &outputs)
  }

  /// - Parameter isKept: "repeat" says it again.
  mutating func speak(_ words: String, interruptible: Bool, isKept: Bool, into outputs: inout [FlowOutput]) {
    guard words.contains(where: { !$0.isWhitespace }) else { return }
    speechLeft -= words.scalarCount
    guard speechLeft >= 0 else { return }  // `handle` ends the flow
    if isKept { spoken.append(FlowUtterance(text: words, interruptible: interruptible)) }
    outputs.append(.say(words, interruptible: interruptible))
  }

  /// The first of the texts for the first time this state speaks, the next for the next time; the last one stays.
  mutating func nextText(of texts: [FlowText]) -> FlowText? {
    let key = "\(flow.name)/\(currentState)"
    let times = askings[key, default: 0]
    askings[key] = times + 1
    return texts.isEmpty ? nil : texts[min(times, texts.count - 1)]
  }
}
