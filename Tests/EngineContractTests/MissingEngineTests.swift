import CallCore
import CallDriver
import Engines
import Glibc
import Testing

/// What happens when the engine folder is empty or holds something else.
@Suite("A missing engine")
struct MissingEngineTests {
  private static let files = [
    "lib/libonnxruntime.so", "lib/libsherpa-onnx-c-api.so", "moonshine/encoder_model.ort",
    "moonshine/decoder_model_merged.ort", "moonshine/tokens.txt", "hibari/hibari.onnx", "hibari/vocab.json",
    "silero/silero_vad_16k_op15.onnx",
  ]

  /// A copy of the engine folder, made of links, without `file` or with rubbish in its place.
  private func folder(without file: String, rubbish: Bool) throws -> EngineFolder {
    var template = Array("/tmp/voiceforge-engines-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    for name in Self.files {
      mkdir("\(path)/\(name.prefix { $0 != "/" })", 0o755)
      if name != file {
        try #require(symlink("\(EngineHarness.folder.path)/\(name)", "\(path)/\(name)") == 0)
      } else if rubbish {
        let handle = try #require(fopen("\(path)/\(name)", "w"))
        fputs("no model\n", handle)
        fclose(handle)
      }
    }
    return EngineFolder(path: path)
  }

  private func remove(_ folder: EngineFolder) {
    for name in Self.files { unlink("\(folder.path)/\(name)") }
    for name in Set(Self.files.map { $0.prefix { $0 != "/" } }) { rmdir("\(folder.path)/\(name)") }
    rmdir(folder.path)
  }

  @Test("names the path, and leaves the other engines usable", arguments: [false, true])
  func oneMissing(rubbish: Bool) throws {
    let expected: [(file: String, part: EnginePart)] = [
      ("moonshine/encoder_model.ort", .recognizer), ("moonshine/decoder_model_merged.ort", .recognizer),
      ("hibari/hibari.onnx", .neuralVoices), ("hibari/vocab.json", .neuralVoices),
      ("silero/silero_vad_16k_op15.onnx", .detector),
    ]
    for (file, part) in expected {
      let folder = try folder(without: file, rubbish: rubbish)
      defer { remove(folder) }
      let catalog = EngineCatalog(folder: folder)
      for other in EnginePart.allCases where other != part { #expect(catalog.state(of: other) == .ready, "\(file)") }
      guard case .failed(.modelUnavailable(let path)) = catalog.state(of: part) else {
        Issue.record("\(file): \(catalog.state(of: part))")
        continue
      }
      // sherpa-onnx does not say which file of a model it refused: then the model's folder is named.
      #expect("\(folder.path)/\(file)".hasPrefix(path) && path != folder.path)
    }
  }

  @Test("an empty folder fails every part that lives in it, by path; eSpeak NG and the codecs stay")
  func emptyFolder() throws {
    let folder = EngineFolder(path: "/nonexistent/engines")
    let catalog = EngineCatalog(folder: folder)
    #expect(throws: EngineError.modelUnavailable(path: "/nonexistent/engines/moonshine/encoder_model.ort")) {
      _ = try catalog.recognizer()
    }
    let library = EngineError.modelUnavailable(path: "/nonexistent/engines/lib/libonnxruntime.so")
    #expect(throws: EngineError.modelUnavailable(path: "/nonexistent/engines/silero/silero_vad_16k_op15.onnx")) {
      _ = try catalog.makeDetector()
    }
    #expect(throws: library) { _ = try catalog.synthesizer(for: "heart") }
    #expect(try !catalog.synthesizer(for: "espeak:en-us").synthesize("Hello.", voice: "espeak:en-us").samples.isEmpty)
    _ = try catalog.codecs.makeDecoder(AudioFormat(codec: .opus, sampleRate: 16000))
  }

  @Test("engines that load in the background are waited for")
  func background() throws {
    let catalog = EngineCatalog(folder: EngineHarness.folder, loading: .inBackground)
    #expect(try catalog.recognizer().transcribe([Int16](repeating: 0, count: 16000)) == "")
    #expect(catalog.voices.contains { $0.engine == "flite" })
    for part in EnginePart.allCases { #expect(catalog.state(of: part) == .ready) }
  }

  @Test("the doctor sees what is there, its version and size, and how to mend what is missing")
  func inspection() throws {
    let complete = EngineInspection.inspect(EngineHarness.folder)
    #expect(complete.allSatisfy { $0.isFound && $0.remedy == nil && $0.version != nil })
    let silero = try #require(complete.first { $0.name == "Silero model" })
    #expect(silero.version == "6.2.3")
    #expect(silero.bytes == 1_289_603)
    let missing = EngineInspection.inspect(EngineFolder(path: "/nonexistent/engines"))
    #expect(missing.map(\.name) == complete.map(\.name))
    let lost = missing.filter { !$0.isFound }
    #expect(lost.count == 12)
    #expect(lost.allSatisfy { $0.remedy == "make setup" && $0.path.hasPrefix("/nonexistent/engines/") })
  }

  @Test("the folder follows the environment by the rule of the setup script")
  func folderOfEnvironment() {
    #expect(EngineFolder(environment: ["HOME": "/home/x"]).path == "/home/x/.cache/voiceforge/engines")
    #expect(EngineFolder(environment: ["HOME": "/home/x", "VOICEFORGE_ENGINES": "/opt/e/"]).path == "/opt/e")
  }
}
