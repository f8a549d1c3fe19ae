import CallCore
import CallDriver
import Foundation
import Testing

/// Asterisk's prompts, Debian's `asterisk-core-sounds-en-wav`, which are never part of this repository.
enum RecordedSpeech {
  static let folder = ProcessInfo.processInfo.environment["VOICEFORGE_ASTERISK_SOUNDS"]

  /// Every recording of speech below the folder, 8 kHz, behind µ-law or A-law.
  static func all(isMulaw: Bool = true) throws -> [(name: String, samples: [Int16])] {
    let folder = try #require(folder)
    let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    return try names.filter { $0.hasSuffix(".wav") && !$0.contains("moh") && !$0.hasSuffix("/beep.wav") }.sorted().map {
      let file = try Data(contentsOf: URL(filePath: folder).appending(path: $0))
      let samples = file.dropFirst(44).withUnsafeBytes { bytes in
        (0..<bytes.count / 2).map { Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self)) }
      }
      return (
        $0, samples.map { isMulaw ? G711.sample(mulaw: G711.mulaw(of: $0)) : G711.sample(alaw: G711.alaw(of: $0)) }
      )
    }
  }
}

@Suite(
  "People's voices hold no tones",
  .enabled(
    if: RecordedSpeech.folder != nil,
    "VOICEFORGE_ASTERISK_SOUNDS names no folder: unpack Debian's asterisk-core-sounds-en-wav and name the unpacked folder"
  ))
struct RecordedSpeechTests {
  @Test("no key and no beep is found in them, behind µ-law and A-law", arguments: [true, false])
  func tones(isMulaw: Bool) throws {
    let recordings = try RecordedSpeech.all(isMulaw: isMulaw)
    #expect(recordings.count > 100)
    for (name, samples) in recordings {
      var detector = KeyToneDetector()
      var (keys, hasBeep) = ("", false)
      var beeps = BeepDetector()
      samples.flatMap { [$0, $0] }.withUnsafeBufferPointer { sound in
        _ = detector.hear(sound) { keys.append($0.character) }
        hasBeep = beeps.hear(sound)
      }
      #expect(keys == "" && !hasBeep, "\(name)")
    }
  }
}
