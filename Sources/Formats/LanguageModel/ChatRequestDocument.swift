public import CallCore
import JSON

/// A request to a language model as the body of OpenAI's `POST /v1/chat/completions`, streamed.
public enum ChatRequestDocument {
  /// - Parameter model: as the server calls it.
  /// - Throws: when a schema of the request is no JSON.
  public static func body(of request: ModelRequest, model: String) throws(ModelFault) -> [UInt8] {
    let tools = try request.tools.map { tool throws(ModelFault) in
      (tool, try schema(tool.parameters, of: "the tool \(tool.name)"))
    }
    let form = try request.answerForm.map { form throws(ModelFault) in
      (form.name, try schema(form.schema, of: "the answer"))
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("model", model)
      writer.list("messages", request.messages) { write($1, to: &$0) }
      if !tools.isEmpty {
        writer.list("tools", tools) { writer, tool in write(tool.0, tool.1, to: &writer) }
        write(request.toolChoice, to: &writer)
      }
      if let (name, schema) = form {
        writer.object("response_format") { writer in
          writer.field("type", "json_schema")
          writer.object("json_schema") { writer in
            writer.field("name", name)
            writer.field("strict", true)
            writer.field("schema", schema)
          }
        }
      }
      if let hundredths = request.temperatureHundredths { writer.field("temperature", share(hundredths)) }
      if let hundredths = request.topPHundredths { writer.field("top_p", share(hundredths)) }
      if let seed = request.seed { writer.field("seed", seed) }
      if let tokens = request.tokensMax { writer.field("max_tokens", tokens) }
      if !request.stop.isEmpty { writer.list("stop", request.stop) }
      writer.field("stream", true)
      writer.object("stream_options") { $0.field("include_usage", true) }
    }
    return writer.bytes
  }

  private static func share(_ hundredths: Int) -> JSONValue { .number(Double(hundredths) / 100) }

  private static func schema(_ text: String, of what: String) throws(ModelFault) -> JSONValue {
    do throws(JSONFault) { return try JSONValue(parsing: text) } catch {
      throw ModelFault(.refusedRequest, "the JSON schema of \(what) is no JSON: \(error)")
    }
  }

  private static func write(_ message: ModelMessage, to writer: inout JSONWriter) {
    writer.object { writer in
      switch message {
      case .system(let text): write("system", text, to: &writer)
      case .user(let text): write("user", text, to: &writer)
      case .assistant(let text, let calls):
        // Some servers refuse null, and none refuses an empty text.
        write("assistant", text, to: &writer)
        if !calls.isEmpty { writer.list("tool_calls", calls) { write($1, to: &$0) } }
      case .toolResult(let id, let text):
        write("tool", text, to: &writer)
        writer.field("tool_call_id", id)
      }
    }
  }

  private static func write(_ role: String, _ text: String, to writer: inout JSONWriter) {
    writer.field("role", role)
    writer.field("content", text)
  }

  private static func write(_ call: ModelToolCall, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("id", call.id)
      writer.field("type", "function")
      writer.object("function") { writer in
        writer.field("name", call.name)
        writer.field("arguments", call.arguments)
      }
    }
  }

  private static func write(_ tool: ModelTool, _ schema: JSONValue, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("type", "function")
      writer.object("function") { writer in
        writer.field("name", tool.name)
        writer.field("description", tool.about)
        writer.field("parameters", schema)
      }
    }
  }

  private static func write(_ choice: ModelToolChoice, to writer: inout JSONWriter) {
    switch choice {
    case .automatic: break
    case .none: writer.field("tool_choice", "none")
    case .required: writer.field("tool_choice", "required")
    case .named(let name):
      writer.object("tool_choice") { writer in
        writer.field("type", "function")
        writer.object("function") { $0.field("name", name) }
      }
    }
  }
}
