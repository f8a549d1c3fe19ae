import CSherpaOnnx
package import CallCore
import Glibc

/// What a description puts into the library's configuration: names of text fields and their values.
struct SherpaFields: Equatable {
  /// Such as `whisper.encoder` and a path.
  var values: [(field: String, value: String)]

  static func == (one: SherpaFields, other: SherpaFields) -> Bool {
    one.values.elementsEqual(other.values) { $0 == $1 }
  }

  /// Files that all recognisers share, whatever their family.
  private static let shared: Set<String> = ["tokens", "bpe-vocab"]

  init(_ model: ModelDescription) {
    let (family, isRecognizer) = (model.family, [.recognizer, .streamingRecognizer].contains(model.kind))
    values = model.files.sorted { $0.key < $1.key }.map { name, path in
      (Self.field(name, of: family, isShared: isRecognizer && Self.shared.contains(name)), path)
    }
    if let language = model.languages.first, model.languages.count == 1 {
      let tag = language.lowercased().prefix { $0 != "-" }
      values += family.languageSettings.map { (Self.field($0, of: family, isShared: false), String(tag)) }
    }
    if let type = model.modelType { values.append(("model_type", type)) }
  }

  private static func field(_ name: String, of family: ModelFamily, isShared: Bool) -> String {
    let path = isShared ? name : "\(family.id).\(name)"
    return String(path.map { $0 == "-" ? "_" : $0 })
  }

  /// Lends them to C.
  func withFields<Result>(_ body: (UnsafePointer<SherpaField>, Int) -> Result) -> Result {
    let texts = values.map { (strdup($0.field), strdup($0.value)) }
    defer {
      for (field, value) in texts {
        free(field)
        free(value)
      }
    }
    let fields = texts.map { SherpaField(field: $0, value: $1) }
    return fields.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("a model has files") }
      return body(base, buffer.count)
    }
  }
}

extension ModelFamily {
  /// Names of its files and settings that the library's configuration has no field for: none, or the table is wrong.
  package var unknownFields: [String] {
    var model = ModelDescription(name: id, kind: kind, family: self, files: [:], languages: ["en"])
    for name in fileNames { model.files[name] = "/\(name)" }
    guard isOfSherpa, let configuration = kind.configuration else { return [] }
    return SherpaFields(model).values.map(\.field).filter { sherpa_has_field(configuration, $0) == 0 }
  }
}

extension ModelKind {
  /// Which of the library's configurations its models are described in; `nil`: it has none.
  fileprivate var configuration: SherpaConfiguration? {
    switch self {
    case .recognizer: SHERPA_RECOGNIZER
    case .streamingRecognizer: SHERPA_STREAMING
    case .synthesizer: SHERPA_SYNTHESIZER
    case .denoiser: SHERPA_DENOISER
    case .speakerEmbedding: SHERPA_EMBEDDER
    case .turnDetector: nil
    }
  }
}

extension ModelDescription {
  /// Its files in the order of the family.
  var paths: [String] { family.fileNames.compactMap { files[$0] } }

  /// Of its first file.
  var folder: String {
    let path = paths.first ?? ""
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
  }

  /// - Throws: `.modelUnavailable` with the first file that cannot be read.
  func checkFiles() throws(EngineError) {
    for path in paths where access(path, R_OK) != 0 { throw .modelUnavailable(path: path) }
  }
}
