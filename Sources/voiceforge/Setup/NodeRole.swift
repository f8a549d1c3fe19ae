import ArgumentParser
import Engines

/// What a server does of the two things that cost: making speech, and carrying calls.
enum NodeRole: String, CaseIterable, ExpressibleByArgument {
  /// Both.
  case all
  /// Makes and recognises speech for other nodes and programs; takes no calls.
  case speech
  /// Carries calls with the speech of another node or service.
  case calls

  /// The engines that such a node loads.
  var engineParts: Set<EnginePart> { self == .calls ? [.detector] : Set(EnginePart.allCases) }
}
