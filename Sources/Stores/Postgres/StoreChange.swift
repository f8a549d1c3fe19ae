import CallDriver

/// What became of a change to a shelf.
protocol StoreChange {
  /// Whether anything is different now, so that it must be written.
  var isMade: Bool { get }
}

extension TestCaseChange: StoreChange {
  var isMade: Bool { self == .done }
}

extension KeyChange: StoreChange {
  var isMade: Bool { self == .done }
}

extension FlowChange: StoreChange {
  var isMade: Bool { if case .done = self { true } else { false } }
}

/// Of a change that is made or not.
extension Bool: StoreChange {
  var isMade: Bool { self }
}
