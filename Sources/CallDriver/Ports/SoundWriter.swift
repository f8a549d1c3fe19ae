public import CallCore

/// Writes one sound file piece by piece. Used by one thread at a time.
public protocol SoundWriter: AnyObject {
  /// - Parameter speech: mono, at the file's rate.
  /// - Returns: what can be sent now; the first time, the file's head is in front.
  func append(_ speech: PCMBuffer) throws(EngineError) -> [UInt8]

  /// Ends the file.
  /// - Returns: the rest of it.
  func finish() throws(EngineError) -> [UInt8]
}
