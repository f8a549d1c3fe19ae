extension FileNode {
  /// The fields of this mapping over those of `defaults`. Where both have a mapping under one key, its keys are merged; what
  /// is within them is replaced as a whole, so that noise of another sort does not inherit a file.
  func merged(over defaults: FileNode, depth: Int = 2) -> FileNode {
    guard depth > 0, case .mapping(let own) = content, case .mapping(let inherited) = defaults.content else {
      return self
    }
    var fields = own
    for field in inherited {
      if let index = own.firstIndex(where: { $0.key == field.key }) {
        fields[index].value = own[index].value.merged(over: field.value, depth: depth - 1)
      } else {
        fields.append(field)
      }
    }
    return FileNode(content: .mapping(fields), place: place)
  }

  /// `flow: NAME` as `agent: {flow: NAME}`, so that there is one place for the name when defaults are merged.
  func withFlowInAgent(_ log: FileFaultLog) -> FileNode {
    guard case .mapping(var fields) = content, let index = fields.firstIndex(where: { $0.key == "flow" }) else {
      return self
    }
    let flow = fields.remove(at: index)
    let named = FileNode(content: .mapping([flow]), place: flow.at)
    if let agent = fields.firstIndex(where: { $0.key == "agent" }) {
      if case .mapping(let written) = fields[agent].value.content, written.contains(where: { $0.key == "flow" }) {
        log.add(.duplicate, at: flow.at, "the flow is named by `flow` and in `agent`: keep one of them")
      }
      fields[agent].value = fields[agent].value.merged(over: named)
    } else {
      fields.append(FileField(key: "agent", at: flow.at, value: named))
    }
    return FileNode(content: .mapping(fields), place: place)
  }

  /// This mapping with only those fields whose keys are among `keys`.
  func keeping(_ keys: [String]) -> FileNode {
    guard case .mapping(let fields) = content else { return self }
    return FileNode(content: .mapping(fields.filter { keys.contains($0.key) }), place: place)
  }
}
