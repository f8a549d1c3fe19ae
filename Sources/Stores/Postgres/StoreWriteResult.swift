import CallDriver

/// What became of a change to a table.
protocol StoreWriteResult {
  /// Whether anything is different now, so that it must be written.
  var isMade: Bool { get }
}

extension TestCaseChange: StoreWriteResult {
  var isMade: Bool { self == .done }
}

extension KeyChange: StoreWriteResult {
  var isMade: Bool { self == .done }
}

extension FlowChange: StoreWriteResult {
  var isMade: Bool { if case .done = self { true } else { false } }
}

/// Of a change that is made or not.
extension Bool: StoreWriteResult {
  var isMade: Bool { self }
}
