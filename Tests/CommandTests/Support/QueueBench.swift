import Foundation
import JSON
import TestCluster
import Testing

/// A run in a queue of its own, in a folder of its own. Leases are an hour long and end when a test says so, so that nothing depends on how
/// fast the machine is.
struct QueueBench {
  let cluster: TestCluster
  let folder: Scratch
  private let cases: [String]
  private let url: String

  private static let vain = "flow: appointment\nturns:\n  - hang-up: true\nexpect: {outcome: booked}\n"

  /// - Parameters:
  ///   - cases: ids of samples, and `vain.yaml`, which fails.
  ///   - alone: whether the database is disturbed.
  init(_ cases: [String], alone: Bool = false) throws {
    self.cases = cases
    cluster = alone ? try TestCluster() : try TestCluster.shared.get()
    url = try cluster.freshURL()
    folder = try Scratch()
    _ = try folder.write(Self.vain, to: "vain.yaml")
  }

  /// The submitter.
  func submit(_ options: String...) throws -> Command {
    try command(["simulate"] + cases + ["--queue"] + options)
  }

  /// Another process with the same queue, which finds no file of the submitter.
  func worker(_ options: String...) throws -> Command {
    try Command(["work", "--lease", "1h"] + options, environment: ["DATABASE_URL": url])
  }

  private func command(_ arguments: [String]) throws -> Command {
    try Command(arguments, environment: ["DATABASE_URL": url], folder: folder)
  }

  func ask(_ sql: String) throws -> [[String?]] { try cluster.run(sql, at: url) }

  /// Lets every lease be over.
  func endLeases() throws {
    _ = try ask(
      """
      UPDATE voiceforge_queue_chunks SET renewed_at = clock_timestamp() - interval '1 s',
        leased_until = clock_timestamp() - interval '1 s' WHERE state = 'running'
      """)
  }

  /// Lets a worker stand still while it holds calls.
  /// - Returns: the first place of what it holds.
  func halt(_ worker: Command) async throws -> Int {
    try await worker.wait(.seconds(120), for: "calls that are under way") {
      guard try place(of: worker) != nil else { return nil }
      worker.signal(SIGSTOP)
      // Nothing is under way in the database, so what it says the worker holds, it holds.
      let busy = try ask(
        """
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
        """)
      if busy.isEmpty, let place = try place(of: worker) { return place }
      worker.signal(SIGCONT)
      return nil
    }
  }

  private func place(of worker: Command) throws -> Int? {
    // The first who comes makes the tables.
    guard try ask("SELECT to_regclass('voiceforge_queue_chunks')").first?.first ?? nil != nil else { return nil }
    let running = try ask("SELECT worker, first_place FROM voiceforge_queue_chunks WHERE state = 'running'")
    return running.first { $0[0]?.contains("/\(worker.id)/") == true }.flatMap { $0[1].flatMap { Int($0) } }
  }

  func bytes(_ name: String) throws -> [UInt8] { try Scratch.bytes(of: folder.file(name)) }

  /// Runs the cases in one process, and compares the reports.
  func expectWhole(_ report: String) async throws {
    let whole = try await command(["simulate"] + cases + ["--report", "whole"]).end(within: .seconds(240))
    #expect(whole.status == 1, "\(whole)")
    for name in ["report.json", "junit.xml"] {
      #expect(try timeless("\(report)/\(name)") == timeless("whole/\(name)"), "\(name)")
    }
  }

  /// A report without the times of its run.
  private func timeless(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
      .replacing(/"startedAt":"[^"]*",/, with: "").replacing(/"wallMs":\d+,/, with: "")
      .replacing(#/ timestamp="[^"]*"/#, with: "").replacing(#/(<testsuites? [^>]*?) time="[^"]*"/#) { "\($0.1)" }
  }
}
