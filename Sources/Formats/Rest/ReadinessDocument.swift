package import CallCore
package import JSON

extension JSONObject {
  /// What `GET /readyz` answers.
  /// - Parameters:
  ///   - state: of the whole server, but for its stores.
  ///   - parts: each engine; files are told of by their names alone, because anybody may ask.
  ///   - historyTrouble: why the history cannot be read or written now. Calls are taken all the same.
  ///   - storeTroubles: why what the server knows by heart of a store may be out of date, such as its `keys`: by the store's name.
  ///   - callsOff: why this node takes no calls, whatever its engines do.
  ///   - standingThreads: threads that do not go on with their work, with what they do: by their names.
  ///   - node: the server's name; empty: it has none.
  ///   - isDraining: whether it goes out of service.
  package static func readiness(
    _ state: EngineReadiness.State, parts: [EngineReadiness], historyTrouble: String?,
    storeTroubles: [String: String], callsOff: String?, standingThreads: [String: String], node: String,
    isDraining: Bool
  ) -> JSONObject {
    let degraded = "degraded"
    var rows = parts.map { (name: $0.name, state: $0.state.rawValue, detail: $0.detail.withoutFolders) }
    if let historyTrouble { rows.append(("history", degraded, historyTrouble)) }
    if let callsOff { rows.append(("calls", "off", callsOff)) }
    rows += storeTroubles.sorted { $0.key < $1.key }.map { ($0.key, degraded, $0.value) }
    rows += standingThreads.sorted { $0.key < $1.key }.map {
      ("thread \($0.key)", EngineReadiness.State.failed.rawValue, $0.value)
    }
    let isDegraded = state == .ready && (historyTrouble != nil || !storeTroubles.isEmpty)
    return JSONObject { [rows] writer in
      writer.field("status", isDegraded ? degraded : state.rawValue)
      writer.objects("parts", rows) { writer, row in
        writer.field("name", row.name)
        writer.field("state", row.state)
        writer.field("detail", row.detail)
      }
      writer.field("node", node.isEmpty ? nil : node)
      writer.field("draining", isDraining)
    }
  }

  /// What `GET /healthz` answers: the process serves.
  package static func health(version: String) -> JSONObject {
    JSONObject { writer in
      writer.field("status", "ok")
      writer.field("version", version)
    }
  }
}

extension String {
  /// The text with `b.onnx` for each absolute path such as `/srv/models/b.onnx`. A path ends at a blank, a quotation mark or a bracket; what
  /// has a slash within, such as `and/or` or `http://host/path`, is none. Of a folder with a blank in its name, what is behind the blank stays.
  package var withoutFolders: String {
    let ends: Set<Character> = [" ", "\n", "\t", "\"", "'", "`", "(", ")", "[", "]", ",", ";"]
    var result = ""
    var rest = self[...]
    while let slash = rest.firstIndex(of: "/") {
      let before = rest[..<slash]
      let path = rest[slash...].prefix { !ends.contains($0) }
      let isAbsolute = before.last.map { !$0.isLetter && !$0.isNumber && !"./_-".contains($0) } ?? true
      result += before
      result += isAbsolute && !path.hasPrefix("//") ? path.split(separator: "/").last ?? "/" : path
      rest = rest[path.endIndex...]
    }
    return result + rest
  }
}
