import CallCore

/// Reads what is said under `say`: a text with variables, or `{ssml: …}` with marks.
extension FieldReader<FlowParseContext> {
  /// One text, plain or marked.
  func speech(_ key: String) -> FlowText? {
    reader(of: key).flatMap { $0.reader.speech($0.node) }
  }

  /// A list of such, or one.
  func speeches(_ key: String) -> [FlowText] {
    reader(of: key).map { field in
      field.reader.items(of: field.node, max: FlowLimits.textsMax, "texts").compactMap { field.reader.speech($0) }
    } ?? []
  }
}

extension NodeReader<FlowParseContext> {
  func speech(_ node: FileNode) -> FlowText? {
    guard case .mapping(let entries) = node.content, entries.contains(where: { $0.key == "ssml" }) else {
      return template(node)
    }
    let fields = FieldReader(node, owner: what, keys: ["ssml"], context: context)
    return fields?.reader(of: "ssml").flatMap { $0.reader.markedText($0.node) }
  }

  /// A text with marks, which are understood whatever its variables hold.
  private func markedText(_ node: FileNode) -> FlowText? {
    guard let plain = template(node, max: FlowLimits.markedTextMax) else { return nil }
    let text = FlowText(ssml: plain.source)
    if let place = text.variablesInTags.first {
      let advice = "a variable is words, and cannot stand in a tag"
      context.log.add(.badMarkup, at: node.place, "\(what) has {\(place)} in a tag; \(advice)")
      return nil
    }
    do throws(SSMLFault) {
      let samples = Dictionary(text.places.map { ($0.variable, "x") }) { $1 }
      guard try text.ssml(with: samples).hasWords else {
        context.log.add(.emptyText, at: node.place, "\(what) has marks alone: write words to say or remove it")
        return nil
      }
      return text
    } catch {
      context.log.add(.badMarkup, at: node.place, "\(what) is not SSML as it is understood here: \(error)")
      return nil
    }
  }
}
