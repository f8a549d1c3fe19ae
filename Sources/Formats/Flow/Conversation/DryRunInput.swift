import CallCore
import JSON

/// What one line means to a flow that is tried out.
enum DryRunInput {
  /// What became of a tool's request.
  enum ToolResult {
    /// 200 with this body.
    case answered(JSONValue)
    case failed
    case timedOut

    /// As a call would have it from the server's HTTP client.
    func answer(to request: ToolRequest) -> ToolResponse {
      switch self {
      case .failed: return .failed("tried out: /fail")
      case .timedOut: return .timedOut
      case .answered(let body):
        let values = request.wanted.compactMap { path in body.text(at: path).map { (path, $0) } }
        return .answered(status: 200, values: Dictionary(values, uniquingKeysWith: { $1 }))
      }
    }
  }

  /// The caller speaks, presses keys or is silent.
  case caller
  case hangUp
  case tool(ToolResult)
  /// A command that there is not, or not so; the reason.
  case wrong(String)

  /// What there is besides speech.
  static let known = "there is /keys 123, /silence, /mumble, /quit, and for tools /answer, /fail and /timeout"

  init(_ line: String) {
    let text = line.trimming(\.isWhitespace)
    let command = text.prefix { !$0.isWhitespace }
    switch command {
    case "/quit": self = .hangUp
    case "/fail": self = .tool(.failed)
    case "/timeout": self = .tool(.timedOut)
    case "/answer": self = DryRunInput.answer(String(text.dropFirst(command.count)).trimming(\.isWhitespace))
    default: self = .caller
    }
  }

  private static func answer(_ text: String) -> DryRunInput {
    if text.isEmpty { return .tool(.answered(.object([:]))) }
    do throws(JSONFault) {
      return .tool(.answered(try JSONValue(parsing: Array(text.utf8), nestingMax: WireLimits.nestingMax)))
    } catch {
      return .wrong("what stands after /answer is not JSON: \(error)")
    }
  }
}
