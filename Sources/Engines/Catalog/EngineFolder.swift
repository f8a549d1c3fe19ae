/// Where `setup/fetch-engines.sh` puts libraries and models.
public struct EngineFolder: Sendable, Hashable {
  /// Absolute, without a slash at its end.
  public var path: String

  /// - Parameter path: absolute.
  public init(path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The folder that the environment names, by the rule of the setup script: `VOICEFORGE_ENGINES`, or
  /// `.cache/voiceforge/engines` in `HOME`.
  ///
  /// - Parameter environment: the process' variables, as the composition root read them.
  public init(environment: [String: String]) {
    let home = environment["HOME"] ?? "/root"
    self.init(path: environment["VOICEFORGE_ENGINES"] ?? "\(home)/.cache/voiceforge/engines")
  }

  var onnxLibrary: String { "\(path)/lib/libonnxruntime.so" }
  var sherpaLibrary: String { "\(path)/lib/libsherpa-onnx-c-api.so" }
  var moonshine: String { "\(path)/moonshine" }
  var moonshineEncoder: String { "\(path)/moonshine/encoder_model.ort" }
  var moonshineDecoder: String { "\(path)/moonshine/decoder_model_merged.ort" }
  var moonshineTokens: String { "\(path)/moonshine/tokens.txt" }
  var hibariModel: String { "\(path)/hibari/hibari.onnx" }
  var hibariVocabulary: String { "\(path)/hibari/vocab.json" }
  var sileroModel: String { "\(path)/silero/silero_vad_16k_op15.onnx" }
  /// The copy of the list that the folder was filled from.
  var lock: String { "\(path)/engines.lock" }
}
