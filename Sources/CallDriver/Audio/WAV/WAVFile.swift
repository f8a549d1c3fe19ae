/// A WAV file's sound, mixed to mono.
///
/// Reads 1 to 8 channels of PCM (8, 16, 24 or 32 bits), 32-bit floats, µ-law and A-law, also where `WAVE_FORMAT_EXTENSIBLE` says so
/// (Microsoft, "Multiple channel audio data and WAVE files"); several `data` chunks are one sound. Any bytes may come: what is wrong is thrown, nothing traps.
public struct WAVFile: Sendable, Equatable {
  /// The mean of the channels that hold sound (`ChannelSelection`), at the file's own rate.
  public let audio: PCMBuffer
  /// Channels in the file, 1 … 8.
  public let channels: Int
  /// Whether the file ends before the length that it claims; `audio` is then what is there. A recording that was broken off is like
  /// this, and so is a half copied file: tell the user.
  public let isTruncated: Bool

  /// Most channels that are mixed.
  package static let channelsMax = 8
  /// Rates that are taken: from less than a telephone's to the highest that recorders make.
  public static let sampleRates = 1000...384_000

  /// Lengths from here on are the mark of a program that wrote to a pipe and could not know the length (ffmpeg: 2³² − 1, sox: a
  /// little below 2³¹): the sound then goes to the end of the file.
  private static let unknownLength = 0x7FFF_0000

  /// - Parameter bytes: the whole file. The samples take at most twice as much memory.
  /// - Throws: what is wrong with the file and what to do about it.
  public init(parsing bytes: [UInt8]) throws(WAVError) {
    guard bytes.count >= 12, bytes[0..<4].elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else {
      throw .notWAV(ForeignAudio(startingWith: bytes))
    }
    var coding: WAVCoding?
    var pieces: [ArraySlice<UInt8>] = []
    var isCut = false
    var place = 12
    while place + 8 <= bytes.count {
      let length = Int(bytes.littleEndian(UInt32.self, at: place + 4))
      let body = place + 8
      let name = bytes[place..<(place + 4)]
      if name.elementsEqual("fmt ".utf8) {
        coding = try WAVCoding(bytes[body..<min(body + length, bytes.count)])
      } else if name.elementsEqual("data".utf8) {
        guard coding != nil else { throw .damaged("the sound comes before the description of its format") }
        let isUnknown = length >= Self.unknownLength || length == 0 && !Self.isChunk(bytes[body...])
        let end = isUnknown ? bytes.count : min(body + length, bytes.count)
        pieces.append(bytes[body..<end])
        isCut = !isUnknown && end < body + length
        if isUnknown { break }
      }
      place = body + length
      // Chunks begin at even offsets, but for those of writers that forget the byte between.
      if length % 2 == 1, place >= bytes.count || !Self.isChunk(bytes[place...]) { place += 1 }
    }
    guard let coding else { throw .damaged("it has no description of its format") }
    audio = try coding.audio(of: pieces.count == 1 ? pieces[0] : pieces.joined().reduce(into: []) { $0.append($1) })
    channels = coding.channels
    isTruncated = isCut
  }

  /// Whether a chunk begins here, of a kind that stands around the sound.
  private static func isChunk(_ bytes: ArraySlice<UInt8>) -> Bool {
    ["fmt ", "data", "LIST", "fact", "JUNK", "id3 ", "bext", "cue ", "PEAK"].contains { bytes.starts(with: $0.utf8) }
  }
}

extension [UInt8] {
  /// The number at `offset`, which must lie within.
  func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type, at offset: Int) -> Number {
    self[...].littleEndian(type, at: offset)
  }
}

extension ArraySlice<UInt8> {
  /// The number `offset` bytes behind the start, which must lie within.
  func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type, at offset: Int) -> Number {
    (0..<MemoryLayout<Number>.size).reduce(0) { $0 | Number(self[startIndex + offset + $1]) << ($1 * 8) }
  }
}

extension WAVFile {
  /// Writes a file of 16-bit PCM, as every player takes it.
  /// - Parameters:
  ///   - samples: channels interleaved, oldest first; at most 2 GB.
  ///   - channels: 1 or 2.
  ///   - sampleRate: samples per second and channel.
  /// - Returns: the whole file.
  public static func bytes(samples: [Int16], channels: Int, sampleRate: Int) -> [UInt8] {
    let dataBytes = samples.count * 2
    var file: [UInt8] = []
    file.reserveCapacity(44 + dataBytes)
    file += Array("RIFF".utf8) + UInt32(36 + dataBytes).littleEndianBytes
    file += Array("WAVEfmt ".utf8) + UInt32(16).littleEndianBytes
    for number in [1, UInt16(channels)] { file += number.littleEndianBytes }
    for number in [sampleRate, sampleRate * channels * 2] { file += UInt32(number).littleEndianBytes }
    for number in [UInt16(channels * 2), 16] { file += number.littleEndianBytes }
    file += Array("data".utf8) + UInt32(dataBytes).littleEndianBytes
    for sample in samples { withUnsafeBytes(of: sample.littleEndian) { file += $0 } }
    return file
  }

  /// Writes mono audio.
  public static func bytes(_ audio: PCMBuffer) -> [UInt8] {
    bytes(samples: audio.samples, channels: 1, sampleRate: audio.sampleRate)
  }
}

extension FixedWidthInteger {
  /// The lowest first.
  package var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
