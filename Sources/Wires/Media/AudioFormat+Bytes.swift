import CallCore

/// How audio lies in bytes, where packets are samples.
extension AudioFormat {
  /// Bytes of a sample.
  var sampleBytes: Int { codec == .pcm16 ? 2 : 1 }

  /// Bytes of 20 ms.
  var packetBytes: Int { sampleRate / 50 * sampleBytes }

  /// What every byte of silence is (ITU-T G.711: µ-law inverts all bits, A-law every other one and the sign).
  var silence: UInt8 {
    switch codec {
    case .mulaw: 0xFF
    case .alaw: 0xD5
    case .pcm16, .opus: 0
    }
  }

  /// How long so many bytes sound.
  func duration(ofBytes bytes: Int) -> CallDuration { .microseconds(Int64(bytes) * 20_000 / Int64(packetBytes)) }
}

extension AudioFormat {
  /// What a Realtime session calls it.
  var realtimeName: String {
    switch codec {
    case .mulaw: "audio/pcmu"
    case .alaw: "audio/pcma"
    case .pcm16, .opus: "audio/pcm"
    }
  }
}
