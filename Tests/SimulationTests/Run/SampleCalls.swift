import CallCore
import CallDriver
import CallWire
import Engines
import Foundation
import Simulation

/// The sample cases and the means to run them in virtual time with the real engines.
enum SampleCalls {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
  static let engines = EngineCatalog(folder: EngineFolder(environment: ProcessInfo.processInfo.environment))
  static let shared = SharedSpeech(engines: engines)

  static func flows() throws -> FlowLibrary {
    try FlowReader.readLibrary(try files(in: "Samples/flows", ending: "yaml")).get()
  }

  static func cases() throws -> [TestCase] {
    let files =
      try files(in: "Samples/testcases", ending: "yaml") + files(in: "Samples/testcases", ending: "json")
    return try TestCaseReader.readAll(files, flows: flows(), flow: "appointment", recordingExists: { _ in true }).get()
  }

  static func testCase(_ id: String) throws -> TestCase {
    guard let found = try cases().first(where: { $0.id == id }) else { throw Missing(id: id) }
    return found
  }

  struct Missing: Error { let id: String }

  static func agent() throws -> BuiltInAgent { BuiltInAgent(flows: try flows()) }

  /// With sound.
  static func virtual(shared: SharedSpeech = shared) throws -> VirtualPlacer {
    VirtualPlacer(agent: try agent(), shared: shared) { path throws(LineFailure) in
      throw .callerEngine("no recordings here: \(path)")
    }
  }

  static func run(_ plan: RunPlan, with placer: any CallPlacer, jobs: Int = 2) -> SimulationRun {
    SimulationRunner(plan: plan, placer: placer) { _ in }.run(jobs: jobs)
  }

  /// One case, with its tracks.
  static func result(of testCase: TestCase, seed: UInt64 = 1) throws -> CaseResult {
    var plan = RunPlan(cases: [testCase], mode: .virtual, seed: seed)
    plan.keepsTracks = true
    return run(plan, with: try virtual(), jobs: 1).results[0]
  }

  private static func files(in folder: String, ending: String) throws -> [(file: String, text: String)] {
    let path = root.appending(path: folder).path()
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter { $0.hasSuffix(".\(ending)") }
      .map { ("\(folder)/\($0)", try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8)) }
  }
}
