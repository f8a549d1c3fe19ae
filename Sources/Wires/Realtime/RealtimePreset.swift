/// What a client secret says of the sessions that it opens: they begin with it.
package struct RealtimePreset: Sendable {
  /// Longest body of a request whose settings are kept with its secret; instructions take most of it.
  package static let bytesMax = 16_384

  /// The flow; `nil`: as the session's address says.
  package let model: String?
  private let session: RealtimeSession
  private let hasVoice: Bool

  /// - Parameters:
  ///   - session: set as the request says.
  ///   - model: the flow that the request names.
  ///   - hasVoice: whether it names a voice.
  init(_ session: RealtimeSession, model: String?, hasVoice: Bool) {
    (self.session, self.model, self.hasVoice) = (session, model, hasVoice)
  }

  /// A session that begins with it. Where it names no voice, the flow's own speaks.
  func applied(to usual: RealtimeSession) -> RealtimeSession {
    var next = session
    (next.id, next.model, next.expiresAt) = (usual.id, usual.model, usual.expiresAt)
    if !hasVoice { next.voice = usual.voice }
    return next
  }
}
