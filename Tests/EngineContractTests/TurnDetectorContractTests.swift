import CallCore
import CallDriver
import Engines
import FoundationEssentials
import Testing

/// Smart Turn through ONNX Runtime, with features of our own.
@Suite("Turn detector: Smart Turn")
struct TurnDetectorContractTests {
  private static let detector = SmartTurnDetector(folder: EngineHarness.folder)

  /// What Smart Turn's own code gives for `sound`, by its name and what it is; written by `Tests/Counterparts/test_turn_detector.py`.
  private static func reference() throws -> [String: [String: [Double]]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden/turn-detector.tsv")
    var reference: [String: [String: [Double]]] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let columns = line.split(separator: "\t").map(String.init)
      reference[columns[0], default: [:]][columns[1]] = columns[2].split(separator: " ").compactMap { Double($0) }
    }
    return reference
  }

  /// Whether this processor adds products of 8 bits up without saturation: without such instructions (VNNI) the model's answer is another one,
  /// and so is that of Smart Turn's own code.
  private static func addsExactly() throws -> Bool {
    let flags = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    return !flags.contains("avx2") || flags.contains("avx512_vnni") || flags.contains("avx_vnni")
  }

  /// A buzz whose pitch and loudness wander, with 200 ms of near silence behind it; the same as in that test.
  private static func sound(seconds: Int) -> [Int16] {
    var (phase, luck) = (0, 12_345)
    let count = seconds * 16_000
    return (0..<count).map { index in
      luck = (luck * 1_103_515_245 + 12_345) % 2_147_483_648
      phase = (phase + 120 + index / 160 * 7 % 60) % 16_000
      let loud = index >= count - 3200 ? 0 : index / 800 * 37 % 90 + 10
      return Int16(phase * loud / 80 - 100 * loud + luck / 65_536 % 41 - 20)
    }
  }

  @Test("features and probability are those of the wheel's own code", arguments: [("short", 3), ("long", 9)])
  func agreement(name: String, seconds: Int) throws {
    let reference = try #require(try Self.reference()[name])
    let turn = Self.sound(seconds: seconds)
    let features = UnsafeMutableBufferPointer<Float>.allocate(capacity: WhisperFeatures.mels * WhisperFeatures.frames)
    defer { features.deallocate() }
    WhisperFeatures().compute(turn, into: features)
    var compared = 0
    for (what, values) in reference {
      guard let frame = Int(what) else { continue }
      try #require(values.count == WhisperFeatures.mels)
      for (mel, value) in values.enumerated() {
        let found = Double(features[mel * WhisperFeatures.frames + frame])
        #expect(abs(found - value) <= 1e-5, "\(name), frame \(frame), band \(mel): \(found), not \(value)")
        compared += 1
      }
    }
    #expect(compared == 8 * WhisperFeatures.mels)
    let kind = try Self.addsExactly() ? "probability" : "probability-saturated"
    let probability = try #require(reference[kind]?.first)
    let completeness = try Self.detector.completeness(of: turn)
    #expect(abs(Double(completeness.thousandths) / 1000 - probability) <= 0.01, "\(completeness)")
    #expect(try Self.detector.completeness(of: turn) == completeness, "the same samples give the same answer")
  }

  @Test("a sentence that is broken off sounds less complete than the whole one")
  func brokenOff() throws {
    let said = try EngineHarness.catalog.synthesizer(for: "heart").synthesize(
      "I would like to book a table for two people tomorrow evening.", voice: "heart")
    let sound = try SpeechResampler.resample(said, to: 16_000).samples
    let silence = [Int16](repeating: 0, count: 3200)
    let whole = try Self.detector.completeness(of: sound + silence)
    let part = try Self.detector.completeness(of: Array(sound[..<(sound.count * 2 / 5)]) + silence)
    #expect(whole.thousandths >= 500 && part < whole, "\(whole), \(part)")
  }

  @Test("turns without a sample and of half a minute are judged", arguments: [0, 1, 480_000])
  func lengths(count: Int) throws {
    _ = try Self.detector.completeness(of: [Int16](repeating: 0, count: count))
  }

  @Test("nothing is loaded before it is asked, and a model that is missing is named")
  func missing() {
    #expect(!SmartTurnDetector(folder: EngineHarness.folder).isLoaded)
    let folder = EngineFolder(path: "/nonexistent/engines")
    let missing = SmartTurnDetector(folder: folder)
    #expect(!missing.isInstalled)
    #expect(throws: EngineError.modelUnavailable(path: "/nonexistent/engines/lib/libonnxruntime.so")) {
      try missing.prepare()
    }
  }
}
