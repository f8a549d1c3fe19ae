/// How a WAV file's samples are written: its `fmt ` chunk.
struct WAVCoding {
  private enum Kind {
    case unsigned8, signed16, signed24, signed32, float32, mulaw, alaw
  }

  private static let pcmTag: UInt16 = 1
  private static let floatTag: UInt16 = 3
  private static let alawTag: UInt16 = 6
  private static let mulawTag: UInt16 = 7
  private static let extensibleTag: UInt16 = 0xFFFE

  let channels: Int
  private let sampleRate: Int
  private let kind: Kind
  /// Bytes of one sample of one channel.
  private let width: Int

  /// - Parameter chunk: the body of `fmt `.
  init(_ chunk: ArraySlice<UInt8>) throws(WAVError) {
    guard chunk.count >= 16 else { throw .damaged("the description of its format is cut off") }
    channels = Int(chunk.littleEndian(UInt16.self, at: 2))
    sampleRate = Int(chunk.littleEndian(UInt32.self, at: 4))
    let blockBytes = Int(chunk.littleEndian(UInt16.self, at: 12))
    let bits = Int(chunk.littleEndian(UInt16.self, at: 14))
    guard (1...WAVFile.channelsMax).contains(channels) else { throw .unsupportedChannels(channels) }
    guard WAVFile.sampleRates.contains(sampleRate) else { throw .unsupportedSampleRate(sampleRate) }
    let tag = try Self.tag(of: chunk)
    guard blockBytes % channels == 0, blockBytes / channels == (bits + 7) / 8 else {
      guard [Self.pcmTag, Self.floatTag, Self.alawTag, Self.mulawTag].contains(tag) else {
        throw .unsupportedCoding(tag: tag, bits: bits)
      }
      throw .damaged("\(channels) samples of \(bits) bits cannot take \(blockBytes) bytes")
    }
    width = blockBytes / channels
    kind = try Self.kind(tag, width: width, bits: bits)
  }

  /// The format tag; that of `WAVE_FORMAT_EXTENSIBLE` stands in the first two bytes of its sub-format.
  private static func tag(of chunk: ArraySlice<UInt8>) throws(WAVError) -> UInt16 {
    let tag = chunk.littleEndian(UInt16.self, at: 0)
    guard tag == extensibleTag else { return tag }
    guard chunk.count >= 40 else { throw .damaged("the description of its format is cut off") }
    return chunk.littleEndian(UInt16.self, at: 24)
  }

  /// Samples with fewer bits than their bytes have stand at the upper end of them, so the width says how to read them.
  private static func kind(_ tag: UInt16, width: Int, bits: Int) throws(WAVError) -> Kind {
    switch (tag, width) {
    case (pcmTag, 1): .unsigned8
    case (pcmTag, 2): .signed16
    case (pcmTag, 3): .signed24
    case (pcmTag, 4): .signed32
    case (floatTag, 4): .float32
    case (mulawTag, 1): .mulaw
    case (alawTag, 1): .alaw
    default: throw .unsupportedCoding(tag: tag, bits: bits)
    }
  }

  /// Reads the samples and mixes them. A last sample that is cut off is left out.
  /// - Throws: `.noAudio` when there is not one for each channel.
  func audio(of data: ArraySlice<UInt8>) throws(WAVError) -> PCMBuffer {
    let samples =
      switch kind {
      case .unsigned8: mix(data) { (Int($0[$1]) - 128) << 8 }
      case .signed16: mix(data) { Int(Int16(bitPattern: UInt16($0[$1]) | UInt16($0[$1 + 1]) << 8)) }
      case .signed24:
        mix(data) { Self.rounded(UInt32($0[$1]) << 8 | UInt32($0[$1 + 1]) << 16 | UInt32($0[$1 + 2]) << 24) }
      case .signed32: mix(data) { Self.rounded(Self.word($0, $1)) }
      case .float32:
        switch floatScale(data) {
        case let scale: mix(data) { Self.integer(Float(bitPattern: Self.word($0, $1)) * scale) }
        }
      case .mulaw: mix(data) { Int(G711.sample(mulaw: $0[$1])) }
      case .alaw: mix(data) { Int(G711.sample(alaw: $0[$1])) }
      }
    guard !samples.isEmpty else { throw .noAudio }
    return PCMBuffer(sampleRate: sampleRate, samples: samples)
  }

  /// - Parameter read: gives the sample at an offset as 16 bits.
  private func mix(_ data: ArraySlice<UInt8>, read: (UnsafeBufferPointer<UInt8>, Int) -> Int) -> [Int16] {
    data.withUnsafeBufferPointer { bytes in
      let frames = bytes.count / (width * channels)
      let taken = channels == 1 ? [0] : selection(bytes, frames: frames, read: read).taken
      return (0..<frames).map { frame in
        var sum = 0
        for channel in taken { sum += read(bytes, (frame * channels + channel) * width) }
        return Int16(clamping: sum / taken.count)
      }
    }
  }

  private func selection(
    _ bytes: UnsafeBufferPointer<UInt8>, frames: Int, read: (UnsafeBufferPointer<UInt8>, Int) -> Int
  ) -> ChannelSelection {
    var products = [Double](repeating: 0, count: channels * channels)
    var values = [Double](repeating: 0, count: channels)
    for frame in 0..<frames {
      for channel in 0..<channels { values[channel] = Double(read(bytes, (frame * channels + channel) * width)) }
      for one in 0..<channels {
        for other in 0..<channels { products[one * channels + other] += values[one] * values[other] }
      }
    }
    return ChannelSelection(products: products, width: channels, channels: channels)
  }

  /// What brings floats to −1 … 1: some programs write them as large as 16-bit integers. No sound is 48 dB above full scale.
  private func floatScale(_ data: ArraySlice<UInt8>) -> Float {
    let peak = data.withUnsafeBufferPointer { bytes in
      stride(from: 0, to: bytes.count - 3, by: 4).reduce(Float(0)) { peak, place in
        let value = abs(Float(bitPattern: Self.word(bytes, place)))
        return value.isFinite ? max(peak, value) : peak
      }
    }
    return peak > 256 ? 1 / 32_768 : 1
  }

  private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> UInt32 {
    UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
      | UInt32(bytes[offset + 3]) << 24
  }

  /// 32 bits → the nearest 16; clipped where the largest rounds up.
  private static func rounded(_ bits: UInt32) -> Int {
    min((Int(Int32(bitPattern: bits)) + 0x8000) >> 16, Int(Int16.max))
  }

  /// −1 … 1 → 16 bits; louder is clipped, and what is no number is silence.
  private static func integer(_ value: Float) -> Int {
    guard !value.isNaN else { return 0 }
    return Int(min(max(value * 32_768, -32_768), 32_767).rounded())
  }
}
