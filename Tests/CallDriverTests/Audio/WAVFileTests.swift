import CallDriver
import Testing
import TestSupport

@Suite("WAV files")
struct WAVFileTests {
  struct Coding: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var format: [UInt8]
    var data: [UInt8]
    var samples: [Int16]

    init(_ name: String, _ format: [UInt8], _ data: [UInt8], _ samples: [Int16]) {
      testDescription = name
      self.format = format
      self.data = data
      self.samples = samples
    }
  }

  static let codings = [
    Coding("8 bits", WAVBytes.format(tag: 1, bits: 8), [0, 128, 255], [-32_768, 0, 32_512]),
    Coding("16 bits", WAVBytes.format(tag: 1, bits: 16), [0, 0x80, 0xFF, 0x7F, 1, 0], [-32_768, 32_767, 1]),
    Coding(
      "24 bits", WAVBytes.format(tag: 1, bits: 24), [0, 0, 0x80, 0xFF, 0xFF, 0x7F, 0x80, 1, 0, 0x7F, 1, 0],
      [-32_768, 32_767, 2, 1]),
    Coding(
      "32 bits", WAVBytes.format(tag: 1, bits: 32), [0, 0, 0, 0x80, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0x80, 2, 0],
      [-32_768, 32_767, 3]),
    Coding(
      "floats", WAVBytes.format(tag: 3, bits: 32), WAVBytes.floats([-1, 0.5, 1, 7, -.infinity, .nan, 0.00004]),
      [-32_768, 16_384, 32_767, 32_767, -32_768, 0, 1]),
    // Corner values of ITU-T G.711 tables 1 and 2, scaled to 16 bits.
    Coding(
      "µ-law", WAVBytes.format(tag: 7, bits: 8), [0x00, 0x80, 0xFF, 0x7F, 0xEF], [-32_124, 32_124, 0, 0, 132]),
    Coding(
      "A-law", WAVBytes.format(tag: 6, bits: 8), [0x2A, 0xAA, 0xD5, 0x55, 0x80], [-32_256, 32_256, 8, -8, 5_504]),
    Coding("12 bits in two bytes", WAVBytes.format(tag: 1, bits: 12, block: 2), [0xF0, 0x7F], [32_752]),
    Coding(
      "extensible, 24 bits", WAVBytes.extensible(tag: 1, channels: 1, bits: 24), [0, 1, 0, 0, 0xFF, 0xFF], [1, -1]),
    Coding(
      "extensible, floats", WAVBytes.extensible(tag: 3, channels: 2, bits: 32), WAVBytes.floats([0.5, 0, -1, -1]),
      [8192, -32_768]),
    Coding(
      "stereo", WAVBytes.format(tag: 1, channels: 2, bits: 16), [10, 0, 20, 0, 0xFF, 0x7F, 0xFF, 0x7F], [15, 32_767]),
    Coding(
      "8 channels, of which one sounds", WAVBytes.format(tag: 1, channels: 8, bits: 8),
      [129, 128, 128, 128, 128, 128, 128, 128], [256]),
    Coding(
      "channels that cancel each other", WAVBytes.format(tag: 1, channels: 2, bits: 16),
      [10, 0, 0xF6, 0xFF, 0xEC, 0xFF, 20, 0], [10, -20]),
    Coding(
      "a channel of noise 40 dB below the other", WAVBytes.format(tag: 1, channels: 2, bits: 16),
      [0xE8, 3, 1, 0, 0xD0, 7, 0, 0], [1000, 2000]),
    Coding(
      "floats on the scale of 16 bits", WAVBytes.format(tag: 3, bits: 32), WAVBytes.floats([1000, -32_768, 1]),
      [1000, -32_768, 1]),
  ]

  @Test("every coding gives its samples, mixed to mono", arguments: codings)
  func reads(coding: Coding) throws {
    let file = try WAVFile(parsing: WAVBytes.file(coding.format, coding.data))
    #expect(file.audio.samples == coding.samples)
    #expect(!file.isTruncated)
  }

  @Test("the rate and the channels are the file's own")
  func description() throws {
    let format = WAVBytes.format(tag: 1, channels: 2, rate: 44_100, bits: 16)
    let file = try WAVFile(parsing: WAVBytes.file(format, [0, 0, 0, 0]))
    #expect(file.audio.sampleRate == 44_100)
    #expect(file.channels == 2)
  }

  @Test("what is written is read again")
  func roundTrip() throws {
    let audio = PCMBuffer(sampleRate: 8000, samples: [0, 1, -1, .max, .min])
    #expect(try WAVFile(parsing: WAVFile.bytes(audio)).audio == audio)
  }

  @Test("chunks that are not known are passed over, also those of an odd length")
  func otherChunks() throws {
    let file = WAVBytes.riff(
      WAVBytes.chunk("LIST", [1, 2, 3]), WAVBytes.chunk("fmt ", WAVBytes.format(tag: 1, bits: 16)),
      WAVBytes.chunk("fact", []), WAVBytes.chunk("junk", [9]), WAVBytes.chunk("data", [5, 0]),
      WAVBytes.chunk("id3 ", [1]))
    #expect(try WAVFile(parsing: file).audio.samples == [5])
  }

  @Test("a length of 0 with sound behind it is one that was never written; with a chunk behind it, it is no sound")
  func unwrittenLength() throws {
    let format = WAVBytes.chunk("fmt ", WAVBytes.format(tag: 1, bits: 16))
    let file = try WAVFile(parsing: WAVBytes.riff(format, WAVBytes.chunk("data", [1, 0, 2, 0], length: 0)))
    #expect(file.audio.samples == [1, 2])
    #expect(!file.isTruncated)
    let empty = WAVBytes.riff(format, WAVBytes.chunk("data", []), WAVBytes.chunk("LIST", [1, 0, 2, 0]))
    #expect(throws: WAVError.noAudio) { try WAVFile(parsing: empty) }
  }

  @Test("several data chunks are one sound, also where a sample lies across them")
  func severalDataChunks() throws {
    let format = WAVBytes.chunk("fmt ", WAVBytes.format(tag: 1, bits: 16))
    let list = WAVBytes.chunk("LIST", [7, 7])
    let file = WAVBytes.riff(
      format, WAVBytes.chunk("data", [1, 0, 2]), list, WAVBytes.chunk("data", [0, 3, 0]),
      WAVBytes.chunk("data", [4, 0]))
    #expect(try WAVFile(parsing: file).audio.samples == [1, 2, 3, 4])
  }

  @Test("a chunk of odd length whose padding was forgotten is passed over")
  func unpadded() throws {
    let format = WAVBytes.chunk("fmt ", WAVBytes.format(tag: 1, bits: 16))
    let list = Array("LIST".utf8) + WAVBytes.little(3, 4) + [1, 2, 3]
    #expect(try WAVFile(parsing: WAVBytes.riff(format, list, WAVBytes.chunk("data", [5, 0]))).audio.samples == [5])
  }

  @Test("a file that was cut off gives what is there and says so")
  func truncated() throws {
    let whole = WAVFile.bytes(PCMBuffer(sampleRate: 16_000, samples: [1, 2, 3]))
    let file = try WAVFile(parsing: whole.dropLast(3))
    #expect(file.audio.samples == [1])
    #expect(file.isTruncated)
  }

  @Test("a file that was written to a pipe goes on to its end", arguments: [0xFFFF_FFFF, 0x7FFF_F000])
  func piped(length: Int) throws {
    let format = WAVBytes.chunk("fmt ", WAVBytes.format(tag: 1, bits: 16))
    let file = try WAVFile(parsing: WAVBytes.riff(format, WAVBytes.chunk("data", [1, 0, 2, 0], length: length)))
    #expect(file.audio.samples == [1, 2])
    #expect(!file.isTruncated)
  }

  @Test(
    "what is wrong is named",
    arguments: [
      ([], .notWAV(nil)), (Array("hello, world".utf8), .notWAV(nil)), (Array("ID3\u{4}".utf8), .notWAV(.mp3)),
      ([0xFF, 0xFB, 0x90], .notWAV(.mp3)), (Array("OggS....".utf8), .notWAV(.ogg)),
      (Array("fLaC".utf8), .notWAV(.flac)),
      ([0, 0, 0, 32] + Array("ftypM4A ".utf8), .notWAV(.mp4)), (Array("RIFX....WAVE".utf8), .notWAV(.rifx)),
      (Array("RIFF....AVI ".utf8), .notWAV(nil)),
      (Array("RIFF....WAVE".utf8), .damaged("it has no description of its format")),
      (
        WAVBytes.riff(WAVBytes.chunk("data", [1, 2])), .damaged("the sound comes before the description of its format")
      ),
      (WAVBytes.file([1, 0], [1, 2]), .damaged("the description of its format is cut off")),
      (
        WAVBytes.file(Array(WAVBytes.extensible(tag: 1, channels: 1, bits: 16).dropLast(1)), [1, 2]),
        .damaged("the description of its format is cut off")
      ),
      (WAVBytes.riff(WAVBytes.chunk("fmt ", WAVBytes.format(tag: 1, bits: 16))), .noAudio),
      (WAVBytes.file(WAVBytes.format(tag: 1, bits: 16), []), .noAudio),
      (WAVBytes.file(WAVBytes.format(tag: 1, bits: 16), [7]), .noAudio),
      (WAVBytes.file(WAVBytes.format(tag: 1, channels: 0, bits: 16), [1, 2]), .unsupportedChannels(0)),
      (WAVBytes.file(WAVBytes.format(tag: 1, channels: 9, bits: 16), [1, 2]), .unsupportedChannels(9)),
      (WAVBytes.file(WAVBytes.format(tag: 1, rate: 0, bits: 16), [1, 2]), .unsupportedSampleRate(0)),
      (
        WAVBytes.file(WAVBytes.format(tag: 1, rate: 4_000_000_000, bits: 16), [1, 2]),
        .unsupportedSampleRate(4_000_000_000)
      ),
      (WAVBytes.file(WAVBytes.format(tag: 3, bits: 64), [1, 2]), .unsupportedCoding(tag: 3, bits: 64)),
      (WAVBytes.file(WAVBytes.format(tag: 0x11, bits: 4, block: 256), [1, 2]), .unsupportedCoding(tag: 0x11, bits: 4)),
      (
        WAVBytes.file(WAVBytes.format(tag: 1, channels: 2, bits: 16, block: 3), [1, 2]),
        .damaged("2 samples of 16 bits cannot take 3 bytes")
      ),
    ] as [([UInt8], WAVError)])
  func faults(bytes: [UInt8], fault: WAVError) {
    #expect(throws: fault) { try WAVFile(parsing: bytes) }
  }

  @Test(
    "every fault says what to do",
    arguments: ForeignAudio.allCases.map { WAVError.notWAV($0) } + [
      .notWAV(nil), .damaged("x"), .noAudio, .unsupportedCoding(tag: 0x11, bits: 4), .unsupportedChannels(9),
      .unsupportedSampleRate(0),
    ])
  func advice(fault: WAVError) {
    let advice = ["sox ", "ffmpeg ", "record it again"]
    #expect(advice.contains { fault.description.contains($0) }, "\(fault.description)")
  }

  @Test("an MP3 is told how to become a WAV")
  func mp3() {
    #expect(WAVError.notWAV(.mp3).description == "this is an MP3, not a WAV file; convert it with: sox in.mp3 out.wav")
  }

  @Test("no damage traps, and no file gives more samples than it has bytes", arguments: [1, 2, 3, 4])
  func fuzz(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var read = 0
    for _ in 0..<5_000 {
      let coding = Self.codings[Int.random(in: 0..<Self.codings.count, using: &generator)]
      var bytes = WAVBytes.file(coding.format, coding.data)
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        // Headers fill the file, so most damage meets a length, a tag or a count.
        bytes[Int.random(in: 4..<bytes.count, using: &generator)] = generator.bytes(1)[0]
      }
      bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator) / 4)
      do throws(WAVError) {
        let file = try WAVFile(parsing: bytes)
        read += 1
        #expect(file.audio.samples.count <= bytes.count && (1...8).contains(file.channels), "seed \(seed)")
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
    #expect(read > 500)
  }
}
