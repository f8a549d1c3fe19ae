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
