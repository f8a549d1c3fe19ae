/// What a WebSocket is known by before there is a call on it: the id of the key that it was opened with, where there are keys.
final class SocketKey: Sendable {
  let id: String?

  init(_ id: String?) { self.id = id }
}
