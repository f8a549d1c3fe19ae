package import CallCore
import FoundationEssentials
package import Simulation
package import Threads

extension VoiceServer {
  /// Holds a case over the telephone and judges it by ear.
  ///
  /// - Parameters:
  ///   - to: number to be called, E.164.
  ///   - from: number that is shown; `nil`: that of the settings.
  ///   - keepsSound: whether the result has the tracks.
  ///   - tell: called with how the call goes on, on another thread.
  /// - Returns: the id of the run, and where its result will be.
  /// - Throws: why nothing is dialed, for people.
  package func beginPhoneCall(
    _ testCase: TestCase, to: String, from: String?, seed: UInt64, keepsSound: Bool,
    tell: @escaping @Sendable (DialProgress) -> Void
  ) throws(PhoneCallFault) -> (id: String, result: Promise<SimulationRun?>) {
    guard let phoneRuns, let queue = tests else {
      throw PhoneCallFault(text: server.dials.missingSettings ?? "this server has no test cases")
    }
    let numbers = try server.dials.numbers(to: to, from: from)
    let run = TestRun(
      id: UUID().uuidString.lowercased(), testID: testCase.id, provider: "twilio", mode: .live,
      createdAtUnixMicroseconds: TestRunQueue.now, turnsAll: testCase.turns.count)
    var order = PhoneRunQueue.Order(
      run: run, testCase: testCase, seed: seed, to: numbers.to, from: numbers.from, key: "")
    (order.keepsSound, order.tell) = (keepsSound, tell)
    let result = Promise<SimulationRun?>()
    do throws(PhoneRunRefusal) {
      try phoneRuns.begin(order, whenPlaced: { _ in }) { run in result.fulfill(queue.results[run.id]) }
    } catch {
      throw PhoneCallFault(text: "\(error)")
    }
    return (run.id, result)
  }

  /// Ends a call that was begun here.
  package func stopPhoneCall(_ id: String) { server.dials.stop(id, why: "the call was stopped here") }
}

extension PhoneRunRefusal: CustomStringConvertible {
  var description: String {
    switch self {
    case .dialing(let refusal): "\(refusal)"
    case .store(let error): "the run cannot be kept: \(error)"
    }
  }
}
