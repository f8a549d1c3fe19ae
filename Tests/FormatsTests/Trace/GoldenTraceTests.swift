import CallCore
import Formats
import Foundation
import Testing

@Suite("Golden traces")
struct GoldenTraceTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Golden").standardizedFileURL

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".jsonl") }.sorted()
  }

  @Test("replayed, each gives the actions that stand in it (`make golden` writes them anew)", arguments: try names())
  func replays(name: String) throws {
    let bytes = Array(try Data(contentsOf: Self.folder.appending(path: name)))
    var replay = try CallTraceReplay(try CallTraceReader(bytes), flows: try SampleFlows.library())
    try replay.run()
    #expect(replay.difference == nil)
    #expect(replay.steps > 100 && replay.actions > 5)
  }

  @Test("they are there, a barge-in among them")
  func content() throws {
    let texts = try Self.names().map { try String(contentsOf: Self.folder.appending(path: $0), encoding: .utf8) }
    #expect(texts.count == 3)
    #expect(texts.contains { $0.contains("stop-playout") && $0.contains("agent-interrupted") })
    #expect(texts.contains { $0.contains("key-pressed") })
    #expect(texts.contains { $0.contains("call-tool") })
  }
}
