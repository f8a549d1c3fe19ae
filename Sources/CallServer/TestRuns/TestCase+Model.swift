import CallCore
import Simulation

extension TestCase {
  /// What in the case needs a language model, as `has judged statements`; `nil`: nothing does.
  /// - Parameter flows: of the agent that is called; `nil`: it is somebody else's.
  func modelNeed(_ flows: FlowLibrary?) -> String? {
    if caller.brief != nil { return "its caller has a goal" }
    if !judgedCriteria.isEmpty { return "it has `judged`" }
    guard let asking = flows?.flowAskingModel(from: agent.flow) else { return nil }
    return "the flow \(asking) has an `llm` state"
  }
}

extension FlowLibrary {
  /// The first flow with a state that asks a language model, among this one and all that a call may come to from it.
  fileprivate func flowAskingModel(from name: String) -> String? {
    digests(from: name).keys.sorted().first { name in
      self[name]?.states.contains { if case .llm = $0.kind { true } else { false } } == true
    }
  }
}
