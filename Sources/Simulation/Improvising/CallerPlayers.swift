import CallCore
package import CallDriver

/// Who plays callers with a brief.
public struct CallerPlayers: Sendable {
  /// Says what they say.
  private let model: any VirtualModel
  private let execute: Improviser.Executor

  /// Players that find their lines at once, on the thread that holds the call: for virtual time, where no time passes meanwhile.
  /// - Parameter model: says what they say.
  public init(_ model: any VirtualModel) {
    self.model = model
    execute = { search in
      search()
      return true
    }
  }

  private init(_ model: any VirtualModel, on execute: @escaping Improviser.Executor) {
    (self.model, self.execute) = (model, execute)
  }

  /// Callers that think at once while their calls go on; others wait until one of these has found its line.
  private static let thinkersMax = 32

  /// Players that find their lines on threads of their own while the call goes on.
  /// - Parameter model: says what they say.
  package static func whileCallsGoOn(_ model: any VirtualModel) -> CallerPlayers {
    whileCallsGoOn(model, on: WorkerPool(threadCount: thinkersMax))
  }

  /// The same on threads that others use, too.
  package static func whileCallsGoOn(_ model: any VirtualModel, on pool: WorkerPool) -> CallerPlayers {
    CallerPlayers(model) { search in pool.submit(.waitedFor, search) }
  }

  fileprivate func improviser(
    of testCase: TestCase, brief: CallerBrief, seed: UInt64, plan: @escaping Improviser.LinePlanner,
    recognize: @escaping Improviser.Recognition
  ) -> Improviser {
    Improviser(
      brief: brief, seed: seed, model: model.beginCall(of: testCase.id, seed: seed), plan: plan, recognize: recognize,
      execute: execute)
  }
}

extension CallerPlayers? {
  /// - Returns: `nil` for a caller with a script.
  /// - Throws: when nobody plays a caller without one.
  func improviser(
    of testCase: TestCase, seed: UInt64, plan: @escaping Improviser.LinePlanner,
    recognize: @escaping Improviser.Recognition
  ) throws(CallFailure) -> Improviser? {
    guard let brief = testCase.caller.brief else { return nil }
    guard let self else {
      throw .callerEngine("a caller with a goal needs a language model: add --llm, see `voiceforge simulate --help`")
    }
    return self.improviser(of: testCase, brief: brief, seed: seed, plan: plan, recognize: recognize)
  }
}
