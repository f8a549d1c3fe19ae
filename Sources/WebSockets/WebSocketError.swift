/// Why a part of this module could not start. A peer's mistakes never appear here: they close that peer's connection.
public enum WebSocketError: Error, Sendable, Equatable {
  /// Another process listens there already. The operator picks another port or ends that process.
  case addressInUse(address: String, port: UInt16)
  /// The address cannot be listened on: not of this machine, or the port needs privileges. `errno` says which.
  case cannotListen(address: String, port: UInt16, errno: Int32)
  /// `address` is neither an IPv4 nor an IPv6 address in digits.
  case invalidAddress(String)
  /// The operating system refused `call`; mostly out of descriptors or threads.
  case system(call: String, errno: Int32)
  /// libwebsockets could not make its context; with TLS clients also when no certificate store was found.
  case contextUnavailable
  /// `start()` was called twice, or after `stop()`.
  case alreadyStarted
}
