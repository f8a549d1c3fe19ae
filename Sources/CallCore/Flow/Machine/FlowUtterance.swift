/// What was said, for saying it again.
struct FlowUtterance: Sendable, Equatable {
  var text: String
  var interruptible: Bool
}
