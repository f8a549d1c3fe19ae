import CallCore
import CallDriver
import Engines
import Foundation
import SampleCases
import Simulation

/// The sample cases and the means to run them in virtual time with the real engines.
enum SampleCalls {
  static let engines = EngineCatalog(folder: EngineFolder(environment: ProcessInfo.processInfo.environment))
  static let shared = SharedSpeech(engines: engines)

  static func cases() throws -> [TestCase] { try SampleCases.all() }
  static func testCase(_ id: String) throws -> TestCase { try SampleCases.one(id) }
  static func agent() throws -> BuiltInAgent { BuiltInAgent(flows: try SampleCases.flows()) }

  /// With sound.
  static func virtual(shared: SharedSpeech = shared) throws -> VirtualCallRunner {
    VirtualCallRunner(agent: try agent(), shared: shared) { path throws(CallFailure) in
      throw .callerEngine("no recordings here: \(path)")
    }
  }

  static func run(_ plan: RunPlan, with callRunner: any CallRunner, jobs: Int = 2) -> SimulationRun {
    SimulationRunner(plan: plan, callRunner: callRunner) { _ in }.run(jobs: jobs)
  }

  /// One case, with its tracks.
  static func result(of testCase: TestCase, seed: UInt64 = 1) throws -> CaseResult {
    var plan = RunPlan(cases: [testCase], mode: .virtual, seed: seed)
    plan.keepsTracks = true
    return run(plan, with: try virtual(), jobs: 1).results[0]
  }
}
