package import JSON

/// What `PUT /api/drain` asks for; `Rest.md` lists the members.
package struct DrainRequest: Sendable, Equatable {
  /// Whether the server is to be out of service.
  package var isDraining: Bool

  /// Largest body.
  package static let bytesMax = 1024

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  package init(parsing bytes: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "drain", bytesMax: Self.bytesMax)
    isDraining = try fields.flag("draining")
  }
}

extension JSONObject {
  /// What `PUT /api/drain` answers.
  /// - Parameters:
  ///   - state: how far the server is out of service.
  ///   - node: its name; empty: it has none.
  ///   - callCount: calls that are up.
  ///   - lameDuckSeconds: how long calls are taken from the beginning on.
  package static func drain(_ state: String, node: String, callCount: Int, lameDuckSeconds: Int) -> JSONObject {
    JSONObject { writer in
      writer.field("state", state)
      writer.field("node", node.isEmpty ? nil : node)
      writer.field("calls", callCount)
      writer.field("lameDuckSeconds", lameDuckSeconds)
    }
  }
}
