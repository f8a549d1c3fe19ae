public import CallCore

/// Reads `model.yaml`, the description of a model that an operator brings along.
public enum ModelFile {
  /// Its name in the folder of a model.
  public static let name = "model.yaml"
  /// Largest file.
  public static let bytesMax = 65_536
  /// Languages of one model.
  static let languagesMax = 120
  /// Longest path of a file, as it is written.
  static let pathMax = 255

  /// - Parameters:
  ///   - text: of the file.
  ///   - file: its path, for faults.
  ///   - name: of the model: that of its folder.
  ///   - folder: absolute; the paths of files begin there.
  ///   - hasFile: whether there is a file at an absolute path.
  /// - Returns: the model, or all that is wrong, with lines.
  public static func read(
    _ text: String, file: String, name: String, folder: String, hasFile: (String) -> Bool
  ) -> Result<ModelDescription, FileFaults> {
    let context = ModelParseContext(log: FileFaultLog(file: file))
    var model: ModelDescription?
    if !ModelDescription.isName(name) {
      context.log.add(
        .badName, at: .start,
        "the folder is called `\(name.bounded(to: 60))`: a model's name is of a-z, 0-9 and hyphens, at most \(ModelDescription.nameMax), and begins "
          + "with no hyphen; rename the folder")
    } else if text.utf8.count > bytesMax {
      context.log.add(
        .outOfLimits, at: .start, "the file has \(text.utf8.count) bytes; at most \(bytesMax) are allowed")
    } else if let root = YAMLFile.root(of: text, into: context.log, needs: "a model needs `kind`, `family` and `files`")
    {
      model = ModelReader(context: context, name: name, folder: folder).model(root, hasFile: hasFile)
    }
    guard let model, context.log.faults.isEmpty else { return .failure(FileFaults(context.log.faults)) }
    return .success(model)
  }
}

/// Where the faults of a description are put on record.
final class ModelParseContext: FileParseContext {
  let log: FileFaultLog

  init(log: FileFaultLog) { self.log = log }
}

/// Reads the nodes of a description.
struct ModelReader {
  let context: ModelParseContext
  let name: String
  let folder: String

  private static let keys = [
    "kind", "family", "files", "languages", "sample-rate", "segment-max", "threads", "model-type", "phonemes", "title",
    "gender", "description",
  ]

  /// `nil` where something is missing without which there is no model; that is put on record, and so is all else that is wrong.
  func model(_ root: FileNode, hasFile: (String) -> Bool) -> ModelDescription? {
    guard let reader = FieldReader(root, owner: "model `\(name)`", keys: Self.keys, context: context),
      let kind = kind(reader), let family = family(reader, kind)
    else { return nil }
    var model = ModelDescription(
      name: name, kind: kind, family: family, files: files(reader, family, hasFile: hasFile),
      languages: languages(reader, kind))
    model.sampleRate = reader.integer("sample-rate", ModelDescription.sampleRateLimits)
    if let longest = reader.duration("segment-max", ModelDescription.segmentLimits) { model.segmentMax = longest }
    if let threads = reader.integer("threads", ModelDescription.threadsLimits) { model.threads = threads }
    model.modelType = reader.text("model-type")
    model.phonemes = reader.text("phonemes")
    if let title = reader.text("title") { model.speaker.title = title }
    if let gender: Gender = reader.choice("gender") { model.speaker.gender = gender.rawValue }
    if let text = reader.text("description", max: 200) { model.speaker.description = text }
    rejectForeignKeys(reader, family)
    return model
  }

  private enum Gender: String, CaseIterable { case female, male, neutral }

  private func kind(_ reader: FieldReader<ModelParseContext>) -> ModelKind? {
    guard reader.has("kind") else {
      reader.reportMissing("kind", "write what it is for, such as `kind: recognizer`")
      return nil
    }
    return reader.choice("kind")
  }

  private func family(_ reader: FieldReader<ModelParseContext>, _ kind: ModelKind) -> ModelFamily? {
    guard reader.has("family") else {
      reader.reportMissing("family", "write which sort of model it is, such as `family: \(Self.known(kind)[0])`")
      return nil
    }
    guard let id = reader.text("family") else { return nil }
    if let family = ModelFamily.named(id, kind) { return family }
    let known = Self.known(kind)
    if let other = ModelFamily.all.first(where: { $0.id == id }) {
      reader.report(.contradiction, "family", "is `\(id)`, a \(other.kind.rawValue) and no \(kind.rawValue)")
    } else {
      let hint = FileFaultLog.suggestion(for: id, among: known, otherwise: "; one of \(known.joined(separator: ", "))")
      reader.report(.wrongType, "family", "cannot be `\(id)`\(hint)")
    }
    return nil
  }

  private static func known(_ kind: ModelKind) -> [String] {
    ModelFamily.all.filter { $0.kind == kind }.map(\.id)
  }

  private func files(
    _ reader: FieldReader<ModelParseContext>, _ family: ModelFamily, hasFile: (String) -> Bool
  ) -> [String: String] {
    guard reader.has("files") else {
      reader.reportMissing("files", "write them as `name: path` lines: \(family.fileSets[0].joined(separator: ", "))")
      return [:]
    }
    let owner = "`files` of \(reader.owner)"
    var files: [String: String] = [:]
    for line in reader.lines("files", "name: path") {
      guard family.fileNames.contains(line.key) else {
        let hint = FileFaultLog.suggestion(
          for: line.key, among: family.fileNames,
          otherwise: "; the family \(family.id) has \(family.fileNames.joined(separator: ", "))")
        context.log.add(.unknownKey, at: line.at, "`\(line.key)` means nothing in \(owner)\(hint)")
        continue
      }
      let text = NodeReader(context: context, what: "`\(line.key)` of \(owner)").text(
        line.value, max: ModelFile.pathMax)
      if let text { files[line.key] = path(text, of: line, owner, hasFile: hasFile) }
    }
    let missing = family.missing(among: reader.lines("files", "name: path").map(\.key))
    if !missing.isEmpty {
      reader.report(.missingKey, "files", "has no \(missing.joined(separator: ", ")): a \(family.id) model needs it")
    }
    return files
  }

  /// Within the model's folder, so that what is copied with it is all that it is.
  private func path(_ text: String, of line: FileField, _ owner: String, hasFile: (String) -> Bool) -> String? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard !text.hasPrefix("/"), !parts.contains(".."), !text.utf8.contains(0) else {
      context.log.add(
        .badName, at: line.value.place,
        "`\(line.key)` of \(owner) must be a path within the model's folder, without .., not `\(text)`")
      return nil
    }
    let path = "\(folder)/\(text)"
    guard hasFile(path) else {
      context.log.add(
        .missingFile, at: line.value.place, "`\(line.key)` of \(owner): there is no file \(path), or it is empty")
      return nil
    }
    return path
  }

  private func languages(_ reader: FieldReader<ModelParseContext>, _ kind: ModelKind) -> [String] {
    guard let (node, items) = reader.reader(of: "languages") else {
      if kind.hasLanguages {
        reader.reportMissing(
          "languages", "write the languages that it speaks or understands, such as `languages: [en]`")
      }
      return []
    }
    return items.items(of: node, max: ModelFile.languagesMax, "languages").compactMap { item in
      guard let tag = items.text(item, max: 35) else { return nil }
      guard tag.wholeMatch(of: /[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*/) != nil else {
        context.log.add(
          .wrongType, at: item.place, "`languages` of \(reader.owner) has tags such as en or pt-BR, not `\(tag)`")
        return nil
      }
      return tag
    }
  }

  /// What a kind has no use for is a mistake.
  private func rejectForeignKeys(_ reader: FieldReader<ModelParseContext>, _ family: ModelFamily) {
    let isHibari = family == .hibari
    let foreign =
      switch family.kind {
      case .recognizer: ["phonemes", "title", "gender", "description"]
      case .streamingRecognizer: ["segment-max", "phonemes", "title", "gender", "description"]
      case .synthesizer where isHibari: ["segment-max", "phonemes", "sample-rate", "threads", "model-type"]
      case .synthesizer: ["segment-max", "model-type"]
      case .denoiser, .speakerEmbedding:
        ["phonemes", "title", "gender", "description", "segment-max", "sample-rate", "model-type", "languages"]
      case .turnDetector:
        ["phonemes", "title", "gender", "segment-max", "sample-rate", "threads", "model-type", "languages"]
      }
    let what = isHibari ? "hibari voice" : family.kind.rawValue.split(separator: "-").joined(separator: " ")
    for key in foreign where reader.has(key) {
      context.log.add(.unknownKey, at: reader.place(of: key), "`\(key)` means nothing for a \(what): remove it")
    }
  }
}
