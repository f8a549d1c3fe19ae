import TestSupport

/// A server of ours in front of one that does what `script` says.
struct ChatPair {
  static let modelKey = "planted-model-0123456789"
  static let callerKey = "planted-caller-0123456789"
  static let path = "/v1/chat/completions"

  private let double: SpeechDouble
  let server: RunningServer

  init(
    _ environment: [String: String] = [:], _ script: @escaping @Sendable (SpeechDouble.Request, ScriptedLine) -> Void
  ) async throws {
    double = SpeechDouble { request, line in
      // The server also looks for speech there.
      if request.path == Self.path { script(request, line) } else { line.respond(404) }
    }
    let own = [
      "ENABLE_LLM": "true", "OPENAI_BASE_URL": double.url, "OPENAI_API_KEY": Self.modelKey, "OPENAI_MODEL": "first",
      "VOICE_API_KEY": Self.callerKey, "VOICEFORGE_CHAT_PIECE_MAX": "60000", "VOICEFORGE_CHAT_ANSWER_MAX": "60000",
      "VOICEFORGE_SPEECH_URL": double.url,  // so that no engines are loaded
    ]
    server = try await RunningServer(["--role", "calls"], environment: own.merging(environment) { $1 })
  }

  /// What the language model was asked so far.
  var requests: [SpeechDouble.Request] { double.requests.filter { $0.path == Self.path } }

  /// - Returns: the status, and the whole answer with its head.
  func ask(
    _ body: String, _ path: String = path, type: String = "application/json", key: String = callerKey
  ) throws -> (status: Int, body: String) {
    try PlainRequest.send(
      "POST", path, ["content-type": type, "authorization": "Bearer \(key)"], Array(body.utf8),
      port: server.port)
  }

  /// What stands at a path, without its head.
  func read(_ path: String) throws -> String {
    let answer = try PlainRequest.send("GET", path, ["authorization": "Bearer \(Self.callerKey)"], port: server.port)
    return Self.text(answer)
  }

  /// An answer without its head.
  static func text(_ answer: (status: Int, body: String)) -> String {
    answer.body.firstRange(of: "\r\n\r\n").map { String(answer.body[$0.upperBound...]) } ?? ""
  }

  /// The data of the events in an answer in chunks.
  static func events(_ answer: (status: Int, body: String)) -> [String] {
    answer.body.split(separator: "\r\n").flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("data: ") }
      .map { String($0.dropFirst(6)) }
  }

  /// Sends a request and leaves the connection as it is.
  func begin(_ body: String, receiveBytes: Int32? = nil) throws -> RawSocket {
    let socket = try RawSocket(port: server.port, receiveBytes: receiveBytes, readSeconds: 30)
    socket.write(
      "POST \(Self.path) HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(Self.callerKey)\r\n"
        + "content-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
    return socket
  }
}
