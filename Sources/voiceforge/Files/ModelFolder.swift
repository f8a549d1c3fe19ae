import CallCore
import Engines
import Formats
import Glibc

/// The models and voices that an operator brings along: `NAME/model.yaml` in one folder, `NAME.onnx` in another. What is wrong with one keeps
/// only that one out.
struct ModelFolder {
  /// Of models; `nil`: there is none.
  var models: String?
  /// Of hibari's voices; `nil`: there is none.
  var voices: String?
  /// Whether a folder in `models` without a description is told of: nobody puts another one into a folder that was named for models.
  var isModelsNamed = false

  /// Largest file of a voice; those of hibari's architecture have 8 MB.
  private static let voiceBytesMax = 64 << 20

  /// Reads the descriptions; no model is loaded.
  /// - Throws: when a folder cannot be read.
  func read() throws(CommandFault) -> ModelList {
    var list = ModelList()
    if let models { try readModels(in: models, into: &list) }
    if let voices { try readVoices(in: voices, into: &list) }
    return list
  }

  private func readModels(in folder: String, into list: inout ModelList) throws(CommandFault) {
    let path = try Self.absolute(folder, "models", "--models or VOICEFORGE_MODELS")
    let names = try Self.names(in: path) { path throws(ByteFile.Fault) in try FolderFiles.folders(in: path) }
    var (count, left) = (0, 0)
    for name in names {
      let own = "\(path)/\(name)"
      let file = "\(own)/\(ModelFile.name)"
      if access(file, F_OK) != 0 {
        if isModelsNamed { list.refuse(name, "there is no \(ModelFile.name) in \(own): write one, or move the folder") }
        count += isModelsNamed ? 1 : 0
        continue
      }
      guard count < ModelDescription.countMax else {
        left += 1
        continue
      }
      count += 1
      switch Self.model(name, in: own, file: file) {
      case .success(let model): list.models.append(model)
      case .failure(let fault): list.refuse(name, fault.description)
      }
    }
    guard left > 0 else { return }
    list.refuse("\(left) more", "\(path) has more than \(ModelDescription.countMax) models: move some away")
  }

  private static func model(_ name: String, in folder: String, file: String) -> Result<ModelDescription, CommandFault> {
    Result { () throws(CommandFault) in
      guard size(of: file) > 0 else {
        throw CommandFault("\(file) is empty, or no file that can be read: write a description into it")
      }
      let bytes: [UInt8]
      do throws(ByteFile.Fault) { bytes = try ByteFile.read(file, bytesMax: ModelFile.bytesMax + 1) } catch {
        throw CommandFault("cannot read \(file) (\(error)): make it readable")
      }
      let text = try TextFile.text(of: bytes, from: file)
      switch ModelFile.read(text, file: file, name: name, folder: folder, hasFile: { size(of: $0) > 0 }) {
      case .success(let model): return model
      case .failure(let faults): throw CommandFault("\(faults)")
      }
    }
  }

  private func readVoices(in folder: String, into list: inout ModelList) throws(CommandFault) {
    let path = try Self.absolute(folder, "voices", "--voices or VOICEFORGE_VOICES")
    let ending = ".onnx"
    let files = try Self.names(in: path) { path throws(ByteFile.Fault) in
      try FolderFiles.names(in: path, endings: [ending])
    }.filter { $0.hasSuffix(ending) }
    for (index, file) in files.enumerated() {
      let name = String(file.dropLast(ending.count))
      let size = Self.size(of: "\(path)/\(file)")
      if index >= ModelDescription.countMax {
        list.refuse(name, "\(path) has more than \(ModelDescription.countMax) voices: move some away")
      } else if !ModelDescription.isName(name) {
        list.refuse(
          name,
          "\(path)/\(file): a voice's name is of a-z, 0-9 and hyphens, at most \(ModelDescription.nameMax); rename it")
      } else if !(1...Self.voiceBytesMax).contains(size) {
        list.refuse(name, "\(path)/\(file) has \(size) bytes: expected the file of a hibari voice, which has 8 MB")
      } else {
        list.models.append(.hibariVoice(name, path: "\(path)/\(file)"))
      }
    }
  }

  private static func names(
    in path: String, _ read: (String) throws(ByteFile.Fault) -> [String]
  ) throws(CommandFault) -> [String] {
    do throws(ByteFile.Fault) { return try read(path) } catch { throw CommandFault("cannot read \(path) (\(error))") }
  }

  /// Children and reports know no working folder.
  private static func absolute(_ folder: String, _ what: String, _ option: String) throws(CommandFault) -> String {
    guard let path = realpath(folder, nil) else {
      throw CommandFault(
        "cannot read the folder of \(what) \(folder) (\(String(cString: strerror(errno)))); name another with \(option)"
      )
    }
    defer { free(path) }
    return String(cString: path)
  }

  /// In bytes; 0 for what is no regular file that can be read.
  private static func size(of path: String) -> Int {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path, R_OK) == 0 else { return 0 }
    return Int(status.st_size)
  }
}

extension ModelList {
  fileprivate mutating func refuse(_ name: String, _ reason: String) {
    refused.append(Refusal(name: name, reason: reason))
  }
}
