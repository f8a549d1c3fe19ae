public import CallCore

/// Makes the codecs of one format.
public protocol AudioCodecFactory: AnyObject, Sendable {
  /// Throws `.unsupported` for a format that `AudioFormat.isSupported` denies.
  func makeDecoder(_ format: AudioFormat) throws(EngineError) -> any AudioDecoder
  /// Throws `.unsupported` for a format that `AudioFormat.isSupported` denies.
  func makeEncoder(_ format: AudioFormat) throws(EngineError) -> any AudioEncoder
  /// Throws `.unsupported` for a format that `AudioFormat.isSupported` denies.
  func makeFrameEncoder(_ format: AudioFormat) throws(EngineError) -> any AudioFrameEncoder
}
