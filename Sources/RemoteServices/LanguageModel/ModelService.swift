/// A server with language models in OpenAI's shape: OpenAI's own, vLLM, Ollama, llama.cpp and many more.
public struct ModelService: Sendable {
  /// Where it is, and its key.
  public let address: RemoteAddress
  /// The model that is asked.
  public var model: String
  /// The one that is asked when that gives no answer; `nil`: none is.
  public var fallback: String?
  /// How long it is waited for.
  public var times = ModelTimes()

  /// - Parameters:
  ///   - url: as `RemoteAddress` takes it.
  ///   - key: likewise; `nil`: none is shown.
  ///   - model: as the server calls it.
  public init(url: String, key: String?, model: String) throws(RemoteAddress.Fault) {
    address = try RemoteAddress(url: url, key: key, example: "http://127.0.0.1:11434")
    self.model = model
  }
}

/// How long a language model is waited for. Somebody is on the telephone meanwhile.
public struct ModelTimes: Sendable, Hashable {
  /// Longest time to a connection, the TLS handshake included.
  public var connectMax = Duration.seconds(2)
  /// Longest time from the question to the first word or call, and from one to the next; another try begins it anew.
  public var pieceMax = Duration.seconds(3)
  /// Longest time for a whole answer, further tries included.
  public var wholeMax = Duration.seconds(10)
  /// Longest time that a server may want to be left alone before it is asked once more; for longer, the fallback is asked.
  public var retryAfterMax = Duration.seconds(1)

  /// Everything at its default.
  public init() {}
}
