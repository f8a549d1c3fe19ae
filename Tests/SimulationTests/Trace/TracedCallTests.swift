import CAllocationCounter
import CallCore
import CallDriver
import Formats
import Foundation
import SampleCases
import Simulation
import TestSupport
import Testing

@Suite("Traced simulated calls", .serialized)
struct TracedCallTests {
  /// The calls of `Tests/Golden`: a barge-in, keys with a tool behind them, and a transfer to another flow.
  private static let golden = ["interrupt-at-800ms", "keyed-digits", "to-the-clinic"]
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Golden").standardizedFileURL

  /// One call's trace as a file.
  private func trace(of id: String, by callRunner: VirtualCallRunner) throws -> (bytes: [UInt8], steps: Int) {
    let buffer = CallTraceBuffer(stepsMax: 100_000)
    let kept = KeptHeader()
    var callRunner = callRunner
    callRunner.makeTrace = { header in
      kept.header = header
      return buffer
    }
    let evidence = callRunner.call(try SampleCalls.testCase(id), seed: 1)
    #expect(evidence.failure == nil)
    var batch = CallTraceBuffer.Batch(stepsMax: 0)
    buffer.take(into: &batch)
    #expect(batch.isLast && batch.lost == 0)
    let header = try #require(kept.header)
    return (
      CallTrace.line(of: header, version: "golden") + batch.steps.flatMap(CallTrace.line(of:))
        + CallTrace.lastLine(steps: batch.steps.count, lost: 0), batch.steps.count
    )
  }

  private final class KeptHeader: @unchecked Sendable {
    // Unchecked: a virtual call runs on the thread that asked for it.
    var header: CallTraceHeader?
  }

  @Test("a call in virtual time, with sound and a barge-in, is replayed without a difference")
  func virtual() throws {
    let (bytes, steps) = try trace(of: "interrupt-at-800ms", by: try SampleCalls.virtual())
    var replay = try CallTraceReplay(try CallTraceReader(bytes), flows: try SampleCases.flows())
    try replay.run()
    #expect(replay.difference == nil && replay.steps == steps && replay.steps > 500)
    #expect(String(decoding: bytes, as: UTF8.self).contains("agent-interrupted"))
  }

  @Test(
    "a frame of a traced call allocates nothing",
    .enabled(
      if: counts_allocations() != 0 && BuildConfiguration.isRelease, "needs a release build without sanitizers"))
  func allocations() throws {
    let buffer = CallTraceBuffer()
    var session = CallMachineHarness(trace: buffer)
    session.pass(frames: 10)
    let before = allocations_of_this_thread()
    session.pass(frames: 500)
    let after = allocations_of_this_thread()
    #expect(after == before)
    var batch = CallTraceBuffer.Batch(stepsMax: 0)
    buffer.take(into: &batch)
    #expect(batch.steps.count == 1020)
  }

  @Test("the golden calls go as they went (`make golden` writes them anew)", arguments: golden)
  func goldenCall(id: String) throws {
    let bytes = try trace(of: id, by: VirtualCallRunner(textWith: try SampleCalls.agent())).bytes
    let file = Self.folder.appending(path: "\(id).jsonl")
    if ProcessInfo.processInfo.environment["VOICEFORGE_GOLDEN"] == "write" { try Data(bytes).write(to: file) }
    let kept = Array(try Data(contentsOf: file))
    // Not the first line: a comment in a sample flow changes its digest.
    let newline = UInt8(ascii: "\n")
    #expect(bytes.drop { $0 != newline } == kept.drop { $0 != newline }, "run make golden and look at the difference")
  }
}

/// What a session does in each frame: a tick and a window, and their trace.
private struct CallMachineHarness {
  let trace: CallTraceBuffer
  private let none: [CallAction] = []
  private var now = Timestamp.zero

  init(trace: CallTraceBuffer) { self.trace = trace }

  mutating func pass(frames: Int) {
    for _ in 0..<frames {
      now = now + .milliseconds(20)
      trace.write(.tick, at: now, actions: none[0...])
      trace.write(.speechWindow(.silence, until: now, loudUntil: .zero), at: now, actions: none[0...])
    }
  }
}
