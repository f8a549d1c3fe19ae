/// Where to go, and why.
struct FlowStep: Sendable, Equatable {
  var state: String
  var because: String
}
