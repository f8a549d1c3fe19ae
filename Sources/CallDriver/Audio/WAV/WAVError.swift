/// Why a file cannot be read as WAV. `description` says what to do about it.
public enum WAVError: Error, Sendable, Equatable {
  /// Another kind of file; which one, if it can be told.
  case notWAV(ForeignAudio?)
  /// The file contradicts itself; the words say how.
  case damaged(String)
  /// A WAV file without a single sample.
  case noAudio
  /// A coding that is not read, by its registered number, or a width that it does not have here.
  case unsupportedCoding(tag: UInt16, bits: Int)
  /// Not 1 … `WAVFile.channelsMax`.
  case unsupportedChannels(Int)
  /// Not within `WAVFile.sampleRates`.
  case unsupportedSampleRate(Int)
}

extension WAVError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .notWAV(let kind?): "this is \(kind.name), not a WAV file; convert it with: \(kind.conversion)"
    case .notWAV(nil): "this is not a WAV file; if it is sound, convert it with: ffmpeg -i FILE out.wav"
    case .damaged(let how): "the WAV file is damaged: \(how); make it anew with: ffmpeg -i FILE out.wav"
    case .noAudio: "the WAV file holds no sound; record it again"
    case .unsupportedCoding(let tag, let bits):
      "the WAV file holds \(Self.name(of: tag)) of \(bits) bits; convert it with: sox FILE -e signed -b 16 out.wav"
    case .unsupportedChannels(let count):
      "the WAV file claims \(count) channels, 1 to \(WAVFile.channelsMax) can be read; "
        + "convert it with: sox FILE -c 1 out.wav"
    case .unsupportedSampleRate(let rate):
      "the WAV file claims \(rate) samples a second, \(WAVFile.sampleRates.lowerBound) to "
        + "\(WAVFile.sampleRates.upperBound) can be read; convert it with: sox FILE -r 16000 out.wav"
    }
  }

  /// Whether another reader may know the file: it is no WAV file, or one with another coding. RIFX is none of these: FFmpeg 5.1 takes its
  /// samples for little-endian ones, which gives noise.
  var isForForeignReader: Bool {
    switch self {
    case .notWAV(let kind): kind != .rifx
    case .unsupportedCoding: true
    case .damaged, .noAudio, .unsupportedChannels, .unsupportedSampleRate: false
    }
  }

  /// Names of the commonest codings (RFC 2361).
  private static func name(of tag: UInt16) -> String {
    switch tag {
    case 1: "PCM"
    case 2: "Microsoft ADPCM"
    case 3: "floating point"
    case 6: "A-law"
    case 7: "µ-law"
    case 0x11: "IMA ADPCM"
    case 0x31: "GSM 06.10"
    case 0x55: "MP3"
    default: "coding \(tag)"
    }
  }
}

/// Kinds of sound files that are often taken for WAV, told by their first bytes.
public enum ForeignAudio: Sendable, Equatable, CaseIterable {
  /// MPEG layer 3, with or without a tag.
  case mp3
  /// Ogg: Vorbis or Opus.
  case ogg
  /// Free Lossless Audio Codec.
  case flac
  /// Apple's AIFF.
  case aiff
  /// Sun's .au.
  case au
  /// MP4, M4A and QuickTime.
  case mp4
  /// WebM and Matroska, as browsers record.
  case webm
  /// WAV with 64-bit lengths.
  case rf64
  /// WAV with the bytes the other way round.
  case rifx

  /// - Parameter bytes: of a file; `nil` when they are of no kind that is known here.
  init?(startingWith bytes: [UInt8]) {
    guard
      let kind = Self.allCases.first(where: { $0.marks.contains(where: bytes[min(bytes.count, $0.offset)...].starts) })
    else { return nil }
    self = kind
  }

  private var offset: Int { self == .mp4 ? 4 : 0 }
  private var marks: [[UInt8]] { facts.marks }

  /// What it is, with its article.
  var name: String { facts.name }
  /// sox where it can read the file, which is the smaller program.
  var conversion: String { facts.conversion }

  private var facts: (name: String, marks: [[UInt8]], conversion: String) {
    switch self {
    // A frame of MPEG-1 or -2 layer 3 begins with 11 set bits, version and layer.
    case .mp3:
      (
        "an MP3", [Array("ID3".utf8), [0xFF, 0xFA], [0xFF, 0xFB], [0xFF, 0xF2], [0xFF, 0xF3]], "sox in.mp3 out.wav"
      )
    case .ogg: ("an Ogg file", [Array("OggS".utf8)], "sox in.ogg out.wav")
    case .flac: ("a FLAC", [Array("fLaC".utf8)], "sox in.flac out.wav")
    case .aiff: ("an AIFF", [Array("FORM".utf8)], "sox in.aiff out.wav")
    case .au: ("an AU file", [Array(".snd".utf8)], "sox in.au out.wav")
    case .mp4: ("an MP4", [Array("ftyp".utf8)], "ffmpeg -i in.m4a out.wav")
    case .webm: ("a WebM", [[0x1A, 0x45, 0xDF, 0xA3]], "ffmpeg -i in.webm out.wav")
    case .rf64: ("an RF64", [Array("RF64".utf8)], "ffmpeg -i in.rf64 -rf64 never out.wav")
    case .rifx: ("a RIFX", [Array("RIFX".utf8)], "sox in.wav -L out.wav")
    }
  }
}
