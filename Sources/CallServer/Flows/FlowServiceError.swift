/// Why a server cannot begin with its flows, in words for people.
public struct FlowServiceError: Error, Sendable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String

  init(_ refusal: FlowRefusal) {
    description =
      switch refusal {
      case .faults(let faults): "\(faults)"
      case .full(let limit): "there is room for \(limit); name a folder with fewer"
      case .store(let error): "the store of flows does not answer: \(error)"
      case .otherName(let name): "a file calls its flow \(name): name the file \(name).yaml"
      case .notText, .taken, .missing, .forgotten, .outdated, .fixed: "\(refusal)"
      }
  }
}
