import CallCore
package import CallDriver

/// What is asked of the child that runs FFmpeg. The first byte says which.
enum FFmpegRequest {
  /// The version of the libraries.
  case version
  /// A sound file, of which at most `secondsMax` are decoded.
  case decode([UInt8], secondsMax: Int)
  /// Speech as a file. `isWhole`: nothing is put behind it.
  case encode(PCMBuffer, CompressedFormat, isWhole: Bool)

  var bytes: [UInt8] {
    switch self {
    case .version: return [0]
    case .decode(let file, let secondsMax): return [1] + secondsMax.littleEndianBytes + file
    case .encode(let speech, let format, let isWhole):
      var bytes: [UInt8] = [2, format.number, isWhole ? 1 : 0] + speech.sampleRate.littleEndianBytes
      bytes.append(samples: speech.samples)
      return bytes
    }
  }

  /// Nil for what no program of ours sends.
  init?(_ bytes: [UInt8]) {
    switch bytes.first {
    case 0: self = .version
    case 1:
      guard let secondsMax = bytes.number(at: 1) else { return nil }
      self = .decode(Array(bytes[9...]), secondsMax: secondsMax)
    case 2:
      guard bytes.count >= 3, let format = CompressedFormat.allCases.first(where: { $0.number == bytes[1] }),
        let rate = bytes.number(at: 3)
      else { return nil }
      self = .encode(PCMBuffer(sampleRate: rate, samples: bytes[11...].samples), format, isWhole: bytes[2] == 1)
    default: return nil
    }
  }
}

/// What the child answers. The first byte says which.
package enum FFmpegResponse: Equatable {
  /// Of the libraries.
  case version(String)
  /// A file that was decoded.
  case sound(DecodedSound)
  /// Speech that was encoded.
  case file([UInt8])
  /// Why the file cannot be used, for whoever sent it.
  case fault(String)
  /// A library of this name is missing.
  case unavailable(String)

  /// Between the two processes.
  package var bytes: [UInt8] {
    switch self {
    case .version(let text): return [0] + Array(text.utf8)
    case .sound(let sound):
      var bytes = [1] + sound.channels.littleEndianBytes + sound.sampleRate.littleEndianBytes
      bytes += sound.audio.sampleRate.littleEndianBytes
      bytes.append(samples: sound.audio.samples)
      return bytes
    case .file(let file): return [2] + file
    case .fault(let text): return [3] + Array(text.utf8)
    case .unavailable(let name): return [4] + Array(name.utf8)
    }
  }

  /// Most bytes of a text: a sentence. What is longer is cut off.
  package static let textBytesMax = 1000

  /// Nil for what is no answer: the child may be in any state when a file has confused it.
  package init?(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return nil }
    let text = { String(decoding: bytes.dropFirst().prefix(Self.textBytesMax), as: UTF8.self) }
    switch kind {
    case 0: self = .version(text())
    case 1:
      guard let channels = bytes.number(at: 1), let own = bytes.number(at: 9), let rate = bytes.number(at: 17),
        (1...WAVFile.channelsMax).contains(channels), own > 0, rate > 0
      else { return nil }
      let audio = PCMBuffer(sampleRate: rate, samples: bytes[25...].samples)
      self = .sound(DecodedSound(audio: audio, sampleRate: own, channels: channels))
    case 2: self = .file(Array(bytes.dropFirst()))
    case 3: self = .fault(text())
    case 4: self = .unavailable(text())
    default: return nil
    }
  }
}

extension CompressedFormat {
  /// Between a program and its child.
  fileprivate var number: UInt8 {
    switch self {
    case .mp3: 0
    case .aac: 1
    case .flac: 2
    }
  }
}

extension [UInt8] {
  /// Between two processes of one machine: its own order of bytes.
  fileprivate mutating func append(samples: [Int16]) { samples.withUnsafeBytes { append(contentsOf: $0) } }

  /// Eight bytes, lowest first; nil where there are fewer.
  fileprivate func number(at place: Int) -> Int? {
    guard place + 8 <= count else { return nil }
    return Int(truncatingIfNeeded: self[place..<place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}

extension ArraySlice<UInt8> {
  /// Samples in the machine's own order of bytes.
  fileprivate var samples: [Int16] {
    [Int16](unsafeUninitializedCapacity: count / 2) { samples, written in
      let bytes = prefix(count / 2 * 2)
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(samples).copyMemory(from: $0) }
      written = count / 2
    }
  }
}
