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
