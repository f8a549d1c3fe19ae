/// How a simulated call is held.
public enum RunMode: String, Sendable, CaseIterable {
  /// Without sound: the call machine and the flow on a virtual clock; the recogniser is a model that hears every word.
  case text
  /// With the real codecs, detector, recogniser and synthesiser on a virtual clock.
  case virtual
  /// Over a WebSocket, in real time.
  case live
}
