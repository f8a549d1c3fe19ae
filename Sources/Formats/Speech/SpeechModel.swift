public import JSON

/// The models that OpenAI's endpoints name.
public enum SpeechModel: String, Sendable, CaseIterable {
  /// Text to speech with every voice.
  case hibari
  /// The same; kept apart on the list because it speaks with the voices of eSpeak NG.
  case espeak = "espeak-ng"
  /// Speech to text.
  case moonshine = "moonshine-tiny-en"

  /// Names of OpenAI's own models for speech; programs that were written for them go on working.
  public static let speechAliases = ["tts-1", "tts-1-hd", "gpt-4o-mini-tts"]
  /// The same for transcriptions.
  public static let transcriptionAliases = ["whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"]

  /// Names that `POST /v1/audio/speech` takes.
  public static let speechNames = [hibari.rawValue, espeak.rawValue] + speechAliases
  /// Names that `POST /v1/audio/transcriptions` takes.
  public static let transcriptionNames = [moonshine.rawValue] + transcriptionAliases
}

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
