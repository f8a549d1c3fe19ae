import CallCore
import CallDriver
import SampleRun
import Simulation
import Testing

@Suite("A call as sound and labels")
struct CallSoundTests {
  @Test("The caller's microphone is left, the agent right, and the shorter ends in silence")
  func sides() throws {
    let wav = CallSound.wav(of: CallTracks(voice: [], microphone: [1, -2, 3], agent: [256]))
    #expect(wav.count == 44 + 3 * 4)
    #expect(Array(wav[44...]) == [1, 0, 0, 1, 0xFE, 0xFF, 0, 0, 3, 0, 0, 0])
    let file = try WAVFile(parsing: wav)
    #expect(file.channels == 2 && file.audio.sampleRate == 16_000 && !file.isTruncated)
  }

  @Test("Labels are in the order of time, in seconds, and name everything that happened")
  func labels() throws {
    let failed = try #require(SampleRun.run().results.dropFirst(2).first)
    let lines = AudacityLabels.text(of: failed).split(separator: "\n")
    let starts = try lines.map { line in try #require(Double(line.prefix { $0 != "\t" })) }
    #expect(starts == starts.sorted())
    #expect(lines.contains("11.715000\t14.055000\tinterruption in turn 2: yield 2340 ms"))
    #expect(lines.contains("8.160000\t8.815000\tlatency of turn 1: 655 ms"))
    #expect(lines.contains("0.300000\t4.500000\tagent speech"))
    #expect(lines.contains { $0.hasPrefix("17.175000\t17.175000\tFAILED turn 2, yield: expected:") })
    let keyed = try #require(SampleRun.run().results.first)
    #expect(AudacityLabels.text(of: keyed).contains("key 4\n"))
  }

  @Test("Each label is one line of three fields, whatever was said")
  func hostileLabels() throws {
    let strange = try #require(SampleRun.run().results.last)
    for line in AudacityLabels.text(of: strange).split(separator: "\n") {
      #expect(line.split(separator: "\t", omittingEmptySubsequences: false).count == 3)
      #expect(line.unicodeScalars.allSatisfy { $0 == "\t" || $0.value >= 0x20 })
    }
  }

  @Test("Files of a case are named so that no two cases share one")
  func names() throws {
    let results = SampleRun.run().results
    #expect(results.prefix(2).map(\.fileName) == ["orders+status", "orders+status@2"])
    let strange = try #require(results.last).fileName
    #expect(strange.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.+@".contains($0)) })
  }
}
