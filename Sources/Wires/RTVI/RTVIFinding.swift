/// What a Pipecat bot did on its eval door that its protocol does not allow, or that leaves a caller without what it needs. The raw value stands in
/// reports.
enum RTVIFinding: String, CaseIterable {
  // Messages.
  case binaryMessage = "binary-message"
  case badMessage = "bad-message"
  case longMessage = "long-message"
  case unknownMessages = "unknown-messages"
  // The beginning.
  case botNotReady = "bot-not-ready"
  case protocolVersion = "protocol-version"
  // What it says and does.
  case badAudio = "bad-audio"
  case toolWithoutName = "tool-without-name"
  case tooManyTools = "too-many-tools"
  case error
  case errorResponse = "error-response"
  // The connection.
  case slowReader = "slow-reader"
  case queueFull = "queue-full"
  case closed

  var code: ConformanceFinding.Code { .name(rawValue) }
}
