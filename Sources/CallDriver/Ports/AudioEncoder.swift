public import CallCore

/// Encodes speech into packets of 20 ms. Used by one thread at a time.
public protocol AudioEncoder: AnyObject {
  /// Whole utterances only: starts from a clean state, so that the same samples give the same packets.
  /// - Parameter speech: mono at any rate; resampled as needed; the last packet is padded with silence.
  func encode(_ speech: PCMBuffer) throws(EngineError) -> EncodedSpeech
}
