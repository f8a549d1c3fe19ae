public import JSON

/// What `GET /v1/models` answers, in OpenAI's shape.
public struct ModelList: Sendable, JSONDocument {
  /// One model, as `GET /v1/models/{id}` answers.
  public struct Model: Sendable, JSONDocument {
    /// Its name.
    public var id: String
    /// When the server started, Unix seconds: models do not say when they were made.
    public var created: Int

    /// Writes the members.
    public func writeMembers(to writer: inout JSONWriter) {
      writer.field("id", id)
      writer.field("object", "model")
      writer.field("created", created)
      writer.field("owned_by", "voiceforge")
    }
  }

  /// Ours first, then OpenAI's names for them.
  public var models: [Model]

  /// - Parameter created: see `Model.created`.
  public init(created: Int) {
    models =
      (SpeechModel.allCases.map(\.rawValue) + SpeechModel.speechAliases + SpeechModel.transcriptionAliases)
      .map { Model(id: $0, created: created) }
  }

  /// Writes the members.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("object", "list")
    writer.list("data", models) { writer, model in writer.object(model.writeMembers) }
  }
}
