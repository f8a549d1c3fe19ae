/// One step of a call's machine: what came in, when, and what came out.
public struct CallTraceStep: Sendable, Equatable {
  /// The instant that the machine was given.
  public var at: Timestamp
  /// What came in.
  public var event: CallEvent
  /// What came out, in order; nothing for nearly every tick and speech window.
  public var actions: [CallAction]

  package init(at: Timestamp, event: CallEvent, actions: [CallAction] = []) {
    self.at = at
    self.event = event
    self.actions = actions
  }
}

/// What a call was begun with, as far as its machine depends on it: with the events it gives the same actions again.
public struct CallTraceHeader: Sendable, Equatable {
  /// Id of the call.
  public var call: String
  /// Microseconds since 1970 UTC; 0 in virtual time.
  public var startedAtUnixMicroseconds: Int64 = 0
  /// Name of the flow.
  public var flow: String
  /// Digests of the texts of that flow and of every flow it may transfer to, by name. The texts are not kept: a flow may hold the
  /// credentials of its tools.
  public var flowDigests: [String: String]
  /// The agent's voice.
  public var voice: Voice.ID
  /// What bounded the call.
  public var limits: TurnLimits
  /// What the flow's machine was given.
  public var seed: UInt64
  /// The day that the flow took for today, as `YYYY-MM-DD`.
  public var today: String
  /// The time that the flow took for the beginning of the call, as `15:30`; empty where it knew none.
  public var now: String

  package init(
    call: String, flow: String, flowDigests: [String: String], voice: Voice.ID, limits: TurnLimits, seed: UInt64,
    today: String, now: String = ""
  ) {
    self.call = call
    self.flow = flow
    self.flowDigests = flowDigests
    self.voice = voice
    self.limits = limits
    self.seed = seed
    self.today = today
    self.now = now
  }
}

extension FlowLibrary {
  /// Digests of a flow and of every flow that a call which begins in it may come to.
  public func digests(from name: String) -> [String: String] {
    var found: [String: String] = [:]
    var open = [name]
    while let next = open.popLast() {
      guard found[next] == nil, let flow = self[next] else { continue }
      found[next] = digest(of: next) ?? ""
      for state in flow.states {
        if case .transfer(let flow, _) = state.kind { open.append(flow) }
      }
    }
    return found
  }
}
