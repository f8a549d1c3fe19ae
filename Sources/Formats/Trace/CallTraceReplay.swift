public import CallCore

/// Drives a call's machine with the events of a trace and compares what it does with what it did.
public struct CallTraceReplay: Sendable {
  /// The first step whose actions are others than those in the trace.
  public struct Difference: Sendable, Equatable {
    /// Of the trace, from 1.
    public var line: Int
    /// The step's instant.
    public var at: Timestamp
    /// The event as it stands in the trace.
    public var event: String
    /// The actions of the trace, one text each.
    public var expected: [String]
    /// Those of the machine.
    public var got: [String]
  }

  /// Steps that gave the same actions.
  public private(set) var steps = 0
  /// Actions of them.
  public private(set) var actions = 0
  /// Where the machine first did something else; `nil`: nowhere.
  public private(set) var difference: Difference?
  /// Flows of the call whose text is another one now, or that are not there; differences may come from them.
  public let changedFlows: [String]

  private var reader: CallTraceReader
  private var machine: CallMachine

  /// - Parameters:
  ///   - reader: at the trace's beginning.
  ///   - library: flows to replay with.
  /// - Throws: when the call's flow is not among them.
  public init(_ reader: CallTraceReader, flows library: FlowLibrary) throws(CallTraceFault) {
    let header = reader.header
    guard let flow = library[header.flow] else {
      let known = library.names.joined(separator: ", ")
      throw CallTraceFault(line: 1, problem: "there is no flow \(header.flow) to replay with; there are \(known)")
    }
    self.reader = reader
    changedFlows = header.flowDigests.filter { library.digest(of: $0.key) != $0.value }.map(\.key).sorted()
    let agent = FlowMachine(
      flow: flow, library: library, seed: header.seed, variables: ["today": header.today, "now": header.now])
    machine = CallMachine(flow: agent, flowName: flow.name, voice: header.voice, limits: header.limits)
  }

  /// Goes on to the first difference or to the end.
  /// - Throws: what is wrong with the trace, or that steps are missing in it; up to there, all actions were the same.
  public mutating func run() throws(CallTraceFault) {
    var got: [CallAction] = []
    while difference == nil, let line = try reader.next() {
      guard case .step(let step) = line else {
        guard case .lost(let count) = line else { continue }
        let before = "the \(steps) steps before it gave the same actions"
        throw CallTraceFault(
          line: reader.lineNumber, problem: "\(count) steps were lost here, so the replay ends; \(before)")
      }
      if step.event.isMasked {
        throw CallTraceFault(
          line: reader.lineNumber,
          problem:
            "a value of this tool's answer was taken out as a credential, so the replay ends; the \(steps) steps before it "
            + "gave the same actions")
      }
      got.removeAll(keepingCapacity: true)
      machine.handle(step.event, at: step.at, into: &got)
      compare(step, with: got)
    }
  }

  private mutating func compare(_ step: CallTraceStep, with got: [CallAction]) {
    if step.actions.isEmpty, got.isEmpty { return steps += 1 }
    let expected = step.actions.map(CallTrace.text)
    let got = zip(got, step.actions.map(Optional.some) + repeatElement(nil, count: got.count))
      .map { CallTrace.text(of: $0.asTold(by: $1)) }
    guard expected == got else {
      difference = Difference(
        line: reader.lineNumber, at: step.at, event: CallTrace.text(of: step.event), expected: expected, got: got)
      return
    }
    steps += 1
    actions += got.count
  }
}

extension CallAction {
  /// The action without why the turn ended where the trace does not tell that either: it is older than turns that do.
  fileprivate func asTold(by traced: CallAction?) -> CallAction {
    guard case .report(.turnAnswered(var latency)) = self, case .report(.turnAnswered(let told)) = traced,
      told.endedBy == nil
    else { return self }
    latency.endedBy = nil
    return .report(.turnAnswered(latency))
  }
}
