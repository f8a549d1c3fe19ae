import CallCore
import Formats
import Foundation
import Testing

/// The flows in `Samples/flows`, read as the server reads them.
enum SampleFlows {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Samples/flows").standardizedFileURL

  static func library() throws -> FlowLibrary {
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "yaml" }
      .sorted { $0.path < $1.path }
      .map { (file: $0.lastPathComponent, text: try String(contentsOf: $0, encoding: .utf8)) }
    return try FlowReader.readLibrary(files).get()
  }

  static func conversation(
    _ name: String, variables: [String: String] = [:],
    callTool: @escaping TextConversation.ToolCaller = { _ in .failed("no HTTP in text mode") }
  ) throws -> TextConversation {
    let library = try library()
    let flow = try #require(library[name])
    let machine = FlowMachine(flow: flow, library: library, seed: 1, variables: variables)
    var conversation = TextConversation(machine, callTool: callTool)
    conversation.begin()
    return conversation
  }
}

extension TextConversation {
  /// The agent's lines so far.
  var agent: [String] {
    events.compactMap { if case .agent(let text) = $0 { text } else { nil } }
  }

  /// The caller says these lines one after another.
  mutating func say(_ lines: String...) {
    for line in lines { handleLine(line) }
  }
}
