import CallCore
import CallDriver
import Engines
import Glibc
import Testing

/// Our own computation of Silero's network against ONNX Runtime's.
@Suite("The speech detector and ONNX Runtime")
struct DetectorAgreementTests {
  private static let path = "\(EngineHarness.folder.path)/silero/silero_vad_16k_op15.onnx"

  private func eachWindow(_ samples: [Int16], _ body: (UnsafeBufferPointer<Int16>) throws -> Void) rethrows {
    try samples.withUnsafeBufferPointer { samples in
      for at in stride(from: 0, through: samples.count - SpeechDetectorWindow.samples, by: SpeechDetectorWindow.samples)
      {
        try body(UnsafeBufferPointer(rebasing: samples[at..<(at + SpeechDetectorWindow.samples)]))
      }
    }
  }

  @Test("agree on every window of two readers, noise, a tone, silence and clipping, within a thousandth")
  func agreement() throws {
    let readers = try ["two_cities.wav", "beckett.wav"].map { try EngineHarness.heard(EngineHarness.clip($0)) }
    let sounds =
      readers + [
        TestSound.noise(samples: 48_000, amplitude: 2000), TestSound.noise(samples: 48_000, amplitude: 32_000),
        TestSound.tone(hertz: 440, sampleRate: 16_000, samples: 48_000), [Int16](repeating: 0, count: 48_000),
        [Int16](repeating: .min, count: 48_000), readers[0].prefix(160_000).map { Int16(clamping: Int($0) * 20) },
      ]
    let model = try SileroModel(path: Self.path)
    var windows = 0
    var most = 0
    for sound in sounds {
      let reference = try ReferenceDetector(folder: EngineHarness.folder.path)
      let detector = SileroDetector(model)
      try eachWindow(sound) { window in
        let expected = Int((try reference.probability(of: window) * 1000).rounded())
        most = max(most, abs(try detector.probability(of: window).thousandths - expected))
        windows += 1
      }
    }
    print("speech detector against ONNX Runtime: \(windows) windows, largest difference \(most) thousandths")
    #expect(windows > 2000)
    #expect(most <= 1)
  }

  @Test("ours takes less time")
  func speed() throws {
    let speech = Array(try EngineHarness.heard(EngineHarness.clip("two_cities.wav")).prefix(160_000))
    let reference = try ReferenceDetector(folder: EngineHarness.folder.path)
    let detector = SileroDetector(try SileroModel(path: Self.path))
    // The shortest of five: what else the machine does only adds.
    let theirs = try shortest { try eachWindow(speech) { _ = try reference.probability(of: $0) } }
    let ours = try shortest { try eachWindow(speech) { _ = try detector.probability(of: $0) } }
    let windows = speech.count / SpeechDetectorWindow.samples
    print("speech detector per window: ours \(ours / windows) ns, ONNX Runtime \(theirs / windows) ns")
    #expect(ours < theirs)
  }

  private func shortest(_ body: () throws -> Void) rethrows -> Int {
    let clock = ContinuousClock()
    let times = try (0..<5).map { _ in try clock.measure(body) }
    return times.map { Int($0.components.attoseconds / 1_000_000_000) + Int($0.components.seconds) * 1_000_000_000 }
      .min() ?? 0
  }

  @Test("a file that is cut off, empty, damaged or another model is refused by its path")
  func damage() throws {
    let whole = try bytes(of: Self.path)
    var other = whole
    // The name of a tensor: another network would have others.
    let name = try #require(whole.ranges(of: Array("model.decoder.rnn.bias_hh".utf8)).last)
    other[name.lowerBound] = UInt8(ascii: "M")
    // Its weights, and in the middle of them a number that is none.
    var notFinite = whole
    let weights = try #require(whole.ranges(of: Array("model.encoder.0.reparam_conv.weight".utf8)).last).upperBound
    for index in (weights + 4000)..<(weights + 4008) { notFinite[index] = 0xFF }
    // A length beyond the end of the file.
    let tooLong: [UInt8] = [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
    let endless = [UInt8](repeating: 0xFF, count: 100)
    let files = [[], [0], tooLong, endless, other, notFinite] + [1, 1000, 600_000].map { Array(whole.dropLast($0)) }
    for (index, file) in files.enumerated() {
      let path = "/tmp/voiceforge-silero-\(getpid()).onnx"
      try write(file, to: path)
      defer { unlink(path) }
      #expect(throws: EngineError.modelUnavailable(path: path), "file \(index)") { _ = try SileroModel(path: path) }
    }
  }

  private func bytes(of path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 2_000_000)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "wb"))
    defer { fclose(file) }
    try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
