import CallDriver

extension PostgresStatement {
  /// The versions of a flow, the newest first: name, version, text, microseconds.
  static func flowVersions(of name: String) -> PostgresStatement {
    PostgresStatement(
      "flow-versions",
      """
      SELECT flow.name, kept.version, kept.text, kept.saved_at_us FROM voiceforge_flows flow
      JOIN voiceforge_flow_versions kept ON kept.flow = flow.number WHERE flow.name = $1 ORDER BY kept.version DESC
      """, [.text(name)])
  }

  /// A flow's row and its newest version: number, version, text, microseconds, the folder's text, name, bytes.
  static func newestFlow(_ name: String) -> PostgresStatement {
    PostgresStatement(
      "flow",
      """
      SELECT flow.number, flow.version, kept.text, kept.saved_at_us, flow.folder_text, flow.name, flow.bytes
      FROM voiceforge_flows flow
      JOIN voiceforge_flow_versions kept ON kept.flow = flow.number AND kept.version = flow.version
      WHERE flow.name = $1
      """, [.text(name)])
  }

  /// Adds a flow's row; gives its number, and nothing when there is one of that name.
  static func addFlow(_ newest: FlowVersion, bytes: Int) -> PostgresStatement {
    PostgresStatement(
      "add-flow",
      """
      INSERT INTO voiceforge_flows (name, version, bytes) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING
      RETURNING number
      """, [.text(newest.name), .integer(Int64(newest.version)), .integer(Int64(bytes))])
  }

  static func addVersion(_ version: FlowVersion, of flow: Int, bytes: Int) -> PostgresStatement {
    PostgresStatement(
      "add-flow-version",
      "INSERT INTO voiceforge_flow_versions (flow, version, saved_at_us, bytes, text) VALUES ($1, $2, $3, $4, $5)",
      [
        .integer(Int64(flow)), .integer(Int64(version.version)), .integer(version.savedAtUnixMicroseconds),
        .integer(Int64(bytes)), .text(version.text),
      ])
  }

  /// Takes the versions up to one away; gives the bytes of each.
  static func forgetVersions(of flow: Int, upTo version: Int) -> PostgresStatement {
    PostgresStatement(
      "forget-flow-versions",
      "DELETE FROM voiceforge_flow_versions WHERE flow = $1 AND version <= $2 RETURNING bytes",
      [.integer(Int64(flow)), .integer(Int64(version))])
  }

  static func newVersion(_ version: Int, of flow: Int, bytes: Int) -> PostgresStatement {
    PostgresStatement(
      "new-flow-version", "UPDATE voiceforge_flows SET version = $2, bytes = $3 WHERE number = $1",
      [.integer(Int64(flow)), .integer(Int64(version)), .integer(Int64(bytes))])
  }

  static func removeFlow(_ number: Int) -> PostgresStatement {
    PostgresStatement("remove-flow", "DELETE FROM voiceforge_flows WHERE number = $1", [.integer(Int64(number))])
  }

  /// Notes what the server's folder gave last.
  static func folderText(_ text: String, of name: String) -> PostgresStatement {
    PostgresStatement(
      "folder-text", "UPDATE voiceforge_flows SET folder_text = $2 WHERE name = $1", [.text(name), .text(text)])
  }
}
