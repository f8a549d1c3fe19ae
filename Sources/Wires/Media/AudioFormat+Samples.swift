import CallCore

/// How audio lies in packets that are samples, one behind the other: what every wire but our own carries.
extension AudioFormat {
  /// Bytes of a sample.
  var sampleBytes: Int { codec == .pcm16 ? 2 : 1 }
  /// Bytes of 20 ms.
  var packetBytes: Int { sampleRate / 50 * sampleBytes }

  /// What every byte of silence is.
  var silence: UInt8 {
    switch codec {
    case .mulaw: 0xFF
    case .alaw: 0xD5
    case .pcm16, .opus: 0
    }
  }
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
