import CallCore
import JSON
import Formats

/// Flow files. One that is right is drawn, and a caller talks with it: the lines that begin with `#> ` are what the caller says.
final class FlowTarget: FuzzTarget {
  static let name = "flows"

  private static let mark = "#> "
  private static let lines = ["yes", "no", "4711", "tomorrow at 3 pm", "/answer", "/fail", "help", "", "goodbye"]

  func run(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let reading = FlowReader.reading(text, file: "fuzz.yaml", knownFlows: ["fuzz"])
    switch reading.result {
    case .failure(let found):
      require(!found.faults.isEmpty, "a flow that is refused has a fault")
      for fault in found.faults {
        require(fault.line >= 1 && fault.column >= 1 && !fault.message.isEmpty, "a fault has a place and a message")
      }
    case .success(let flow): talk(with: flow, text)
    }
  }

  private func talk(with flow: Flow, _ text: String) {
    let graph = FlowGraph(flow)
    _ = (graph.mermaid, graph.svg(), graph.svg(.embedded), flow.fixedSentences, JSONObject.flow(flow).json)
    let own = text.split(separator: "\n").filter { $0.hasPrefix(Self.mark) }.map { String($0.dropFirst(3)) }
    var dryRun = FlowDryRun(FlowMachine(flow: flow, library: FlowLibrary([flow]), variables: ["today": "2026-05-01"]))
    dryRun.run(own.isEmpty ? Self.lines : own)
    require(!JSONObject.flowDryRun(dryRun).json.isEmpty, "every conversation can be written")
  }
}
