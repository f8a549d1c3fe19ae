/// What a Realtime server did that breaks one of the usual clients, or would be played, sent or believed wrongly by a careless one. Measured against
/// `openai` 3.57.0, `openai-agents` 0.24.0, `pipecat-ai` 1.14.0 and `livekit-plugins-openai` 1.8.9. The raw value stands in reports.
enum RealtimeFinding: String, CaseIterable {
  // Events as such.
  case badMessage = "bad-message"
  case binaryMessage = "binary-message"
  case longMessage = "long-message"
  case unknownEvent = "unknown-event"
  case eventWithoutID = "event-without-id"
  case betaEvent = "beta-event"
  // The session.
  case sessionNotCreated = "session-not-created"
  case sessionNotUpdated = "session-not-updated"
  case sessionWithoutType = "session-without-type"
  case wrongRate = "wrong-rate"
  // Responses and their items.
  case responseNotCreated = "response-not-created"
  case responseNotDone = "response-not-done"
  case twoResponses = "two-responses"
  case itemNotAdded = "item-not-added"
  case outputItemNotAdded = "output-item-not-added"
  case itemNotDone = "item-not-done"
  case outputItemNotDone = "output-item-not-done"
  case unknownItem = "unknown-item"
  case partType = "part-type"
  case audioNotDone = "audio-not-done"
  case noTranscript = "no-transcript"
  case noAudio = "no-audio"
  case lateAudio = "late-audio"
  // Tools and transcription.
  case argumentsNotDone = "arguments-not-done"
  case callWithoutName = "call-without-name"
  case tooManyTools = "too-many-tools"
  case transcriptionWithoutUsage = "transcription-without-usage"
  case transcriptionFailed = "transcription-failed"
  // Errors and the connection.
  case error
  case errorWithoutEventID = "error-without-event-id"
  case slowReader = "slow-reader"
  case queueFull = "queue-full"
  case closed

  var code: ConformanceFinding.Code { .name(rawValue) }
}
