package import JSON

/// The models that OpenAI's endpoints name.
public enum SpeechModel: String, Sendable, CaseIterable {
  /// Text to speech with every voice.
  case hibari
  /// The same; kept apart on the list because it speaks with the voices of eSpeak NG.
  case espeak = "espeak-ng"
  /// Speech to text.
  case moonshine = "moonshine-tiny-en"

  /// Names of OpenAI's own models for speech; programs that were written for them go on working.
  static let speechAliases = ["tts-1", "tts-1-hd", "gpt-4o-mini-tts"]
  /// The same for transcriptions.
  static let transcriptionAliases = ["whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"]

  /// Names that `POST /v1/audio/speech` takes.
  public static let speechNames = [hibari.rawValue, espeak.rawValue] + speechAliases
  /// Names that `POST /v1/audio/transcriptions` takes.
  public static let transcriptionNames = [moonshine.rawValue] + transcriptionAliases
  /// Names of all models.
  package static let names = allCases.map(\.rawValue) + speechAliases + transcriptionAliases
}

extension JSONObject {
  /// What `GET /v1/models` answers, in OpenAI's shape: ours first, then OpenAI's names for them.
  /// - Parameter created: see `model`.
  package static func models(created: Int) -> JSONObject {
    JSONObject { writer in
      writer.field("object", "list")
      writer.list("data", SpeechModel.names.map { model($0, created: created) })
    }
  }

  /// What `GET /v1/models/{id}` answers.
  /// - Parameter created: when the server started, Unix seconds: models do not say when they were made.
  package static func model(_ id: String, created: Int) -> JSONObject {
    JSONObject { writer in
      writer.field("id", id)
      writer.field("object", "model")
      writer.field("created", created)
      writer.field("owned_by", "voiceforge")
    }
  }
}
