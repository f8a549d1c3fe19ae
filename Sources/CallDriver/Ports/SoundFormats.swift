public import CallCore

/// Formats of sound that need a library: other rates, and Opus in an Ogg container (RFC 7845).
public protocol SoundFormats: AnyObject, Sendable {
  /// - Parameter rate: samples per second wanted, 1000 … 192 000.
  /// - Throws: `.unsupported` for a rate outside the limits.
  func resample(_ speech: PCMBuffer, to rate: Int) throws(EngineError) -> PCMBuffer

  /// Begins an Ogg Opus file of mono speech.
  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  func makeOggWriter(sampleRate: Int) throws(EngineError) -> any SoundWriter

  /// Reads an Ogg Opus file.
  /// - Parameters:
  ///   - bytes: the whole file. Any bytes may come.
  ///   - secondsMax: longest sound that is decoded.
  /// - Returns: 16 kHz mono.
  func readOgg(_ bytes: [UInt8], secondsMax: Int) throws(SoundFault) -> PCMBuffer
}
