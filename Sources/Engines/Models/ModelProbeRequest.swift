import CallCore

/// What is asked of the child that tries a model out.
struct ModelProbeRequest: Equatable {
  var model: ModelDescription
  var folder: EngineFolder

  init(model: ModelDescription, folder: EngineFolder) {
    self.model = model
    self.folder = folder
  }

  /// Texts: the folder, name, kind, family, sort, phonemes, languages; then each file's name and path. Absent ones are empty.
  private static let fixedTexts = 7

  var message: EngineMessage {
    EngineMessage(
      kind: 0,
      texts: [
        folder.path, model.name, model.kind.rawValue, model.family.id, model.modelType ?? "", model.phonemes ?? "",
        model.languages.joined(separator: " "),
      ] + model.files.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] },
      numbers: [model.sampleRate ?? 0, Int(model.segmentMax.milliseconds), model.threads])
  }

  /// Nil for what no program of ours sends.
  init?(_ message: EngineMessage) {
    let (texts, numbers) = (message.texts, message.numbers)
    guard message.kind == 0, texts.count >= Self.fixedTexts, texts.count % 2 == Self.fixedTexts % 2, numbers.count == 3,
      let kind = ModelKind(rawValue: texts[2]), let family = ModelFamily.named(texts[3], kind)
    else { return nil }
    var files: [String: String] = [:]
    for index in stride(from: Self.fixedTexts, to: texts.count, by: 2) { files[texts[index]] = texts[index + 1] }
    folder = EngineFolder(path: texts[0])
    model = ModelDescription(
      name: texts[1], kind: kind, family: family, files: files,
      languages: texts[6].split(separator: " ").map(String.init))
    model.modelType = texts[4].isEmpty ? nil : texts[4]
    model.phonemes = texts[5].isEmpty ? nil : texts[5]
    model.sampleRate = numbers[0] == 0 ? nil : numbers[0]
    model.segmentMax = .milliseconds(numbers[1])
    model.threads = numbers[2]
  }
}
