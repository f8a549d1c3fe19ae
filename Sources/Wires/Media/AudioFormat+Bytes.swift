import CallCore

/// How audio lies in bytes, where packets are samples.
extension AudioFormat {
  /// Bytes of a sample.
  var sampleBytes: Int { codec == .mulaw ? 1 : 2 }

  /// Bytes of 20 ms.
  var packetBytes: Int { sampleRate / 50 * sampleBytes }

  /// What a byte of silence is (ITU-T G.711: µ-law inverts all bits).
  var silence: UInt8 { codec == .mulaw ? 0xFF : 0 }

  /// How long so many bytes sound.
  func duration(ofBytes bytes: Int) -> CallDuration { .microseconds(Int64(bytes) * 20_000 / Int64(packetBytes)) }
}
