import CallCore
import JSON

/// What the agent says, as a response of the protocol.
struct RealtimeResponse {
  /// How it went on.
  enum Status {
    case inProgress, completed
    /// For the reason that is named.
    case cancelled(String)
    case incomplete(String)
    case failed(RealtimeFault)

    var name: String {
      switch self {
      case .inProgress: "in_progress"
      case .completed: "completed"
      case .cancelled: "cancelled"
      case .incomplete: "incomplete"
      case .failed: "failed"
      }
    }
  }

  let id: String
  let itemID: String
  var utterance: UtteranceID?
  var modality: RealtimeSession.Modality
  /// What a language model is told for this response alone.
  var settings: ModelRequest?
  /// Whether it is beside the conversation.
  var isBeside = false
  /// The client's own notes.
  var metadata: [String: String]?
  /// What is being said, once it is known.
  var text = ""
  /// How much audio was sent.
  var sent = CallDuration.zero
}

/// The agent's answers: asked for, begun, said, cut off.
extension RealtimeApplicationSide {
  private static let metadataCountMax = 16

  func createResponse(_ event: RealtimeFields, _ handle: (WireEvent) -> Void) throws(RealtimeFault) {
    let fields = try event.object("response")
    if let fields {
      if !session.isModel {
        try Self.rejectWhatNeedsAModel(fields)
      } else if fields["conversation"] == .string("none") {
        return try createAside(fields, handle)
      } else {
        try Self.rejectInput(fields)
      }
    }
    if let active = response ?? wanted {
      throw RealtimeFault(
        .activeResponse,
        "Conversation already has an active response in progress: \(active.id). Wait until the response is finished before "
          + "creating a new one.")
    }
    var next = RealtimeResponse(id: makeID("resp"), itemID: makeID("item"), modality: session.modality)
    if let fields {
      if let value = fields["output_modalities"] { next.modality = try RealtimeSession.modality(value, fields) }
      next.metadata = try Self.metadata(fields)
      if session.isModel { next.settings = try modelSettings(of: fields) }
    }
    if deferred.isEmpty {
      wanted = next
      askForReply(handle)
    } else {
      try postpone(.reply)
      wanted = next
    }
  }

  private static func rejectWhatNeedsAModel(_ fields: RealtimeFields) throws(RealtimeFault) {
    try RealtimeSession.rejectTools(fields)
    if fields["conversation"] == .string("none") {
      throw RealtimeFault(
        .needsLanguageModel,
        "response.conversation: this session runs an agent flow; there is no language model for a response beside it",
        param: "response.conversation")
    }
    for name in ["instructions", "input", "prompt"] {
      guard let value = fields[name], value != .string(""), value != .array([]) else { continue }
      throw RealtimeFault(
        .needsLanguageModel,
        "response.\(name): this session runs an agent flow; there is no language model that could follow it",
        param: "response.\(name)")
    }
  }

  /// Only a response beside the conversation has an input of its own.
  private static func rejectInput(_ fields: RealtimeFields) throws(RealtimeFault) {
    guard let input = fields["input"], input != .array([]) else { return }
    throw RealtimeFault(
      .invalidValue,
      "response.input: the conversation itself is the input; add to it by conversation.item.create, or ask beside it with conversation: \"none\"",
      param: "response.input")
  }

  static func metadata(_ fields: RealtimeFields) throws(RealtimeFault) -> [String: String]? {
    guard let metadata = try fields.object("metadata") else { return nil }
    var (texts, bytes) = ([String: String](), 0)
    for name in metadata.members.keys {
      texts[name] = try metadata.text(name)
      bytes += name.utf8.count + (texts[name]?.utf8.count ?? 0)
    }
    guard texts.count <= metadataCountMax, bytes <= WireLimits.metadataBytesMax else {
      throw RealtimeFault(
        .invalidValue,
        "response.metadata: expected at most \(metadataCountMax) entries and \(WireLimits.metadataBytesMax) bytes in all",
        param: "response.metadata")
    }
    return texts
  }

  /// The agent is to answer what was typed, or what was said last.
  func askForReply(_ handle: (WireEvent) -> Void) {
    if let text = takeTypedText() {
      dropSpeech()  // who types has not said what was begun
      handle(.text(text))
    }
    if let settings = wanted?.settings { handle(.commanded(.instruct(.once(settings)))) }
    handle(.commanded(.reply))
  }

  func cancelResponse(_ event: RealtimeFields, _ handle: (WireEvent) -> Void) throws(RealtimeFault) {
    let id = try event.optionalText("response_id")
    if let id, cancelAside(id, handle) { return }
    guard let active = response ?? wanted, id == nil || id == active.id else {
      throw RealtimeFault(.nothingToCancel, "Cancellation failed: no active response found")
    }
    deferred.removeAll { $0.what == .reply }
    if response == nil { skipWanted(.cancelled("client_cancelled")) } else { isCancelled = true }
    handle(.commanded(.cancelReply))
  }

  // MARK: - The agent speaks

  /// The first packet of an utterance is there.
  func beginResponse(_ utterance: UtteranceID) {
    if let response { finishResponse(of: response.utterance, .incomplete("max_output_tokens")) }
    completeTranscription("")  // nothing was understood, and the agent says so
    var next = wanted ?? RealtimeResponse(id: makeID("resp"), itemID: makeID("item"), modality: session.modality)
    wanted = nil
    isCancelled = false
    next.utterance = utterance
    response = next
    prepareDeltas(next)
    let item = ConversationItem(
      id: next.itemID, role: .assistant, status: .inProgress, content: [], utterance: utterance)
    items.append(item)
    sayResponse("response.created", next, .inProgress, output: [])
    sayOutput("response.output_item.added", next, item)
    sayItem("conversation.item.added", item)
    sayPart("response.content_part.added", next) { $0.object("part") { writePart("", next, to: &$0) } }
  }

  /// The words of the utterance that is being said, as far as they are known.
  func agentSays(_ entry: TranscriptEntry) {
    guard let active = response, active.utterance == entry.utterance else { return }
    response?.text = entry.text
    let name = active.modality == .audio ? "output_audio_transcript" : "output_text"
    let more = entry.text.hasPrefix(active.text) ? String(entry.text.dropFirst(active.text.count)) : entry.text
    sayPart("response.\(name).delta", active) { $0.field("delta", more) }
  }

  /// Why the agent was cut off.
  var interruption: RealtimeResponse.Status {
    if isCancelled { return .cancelled("client_cancelled") }
    return speech != nil ? .cancelled("turn_detected") : .incomplete("max_output_tokens")
  }

  /// The agent has said what it wanted to say, or was cut off.
  func finishResponse(of utterance: UtteranceID?, _ status: RealtimeResponse.Status) {
    guard let active = response, active.utterance == utterance else { return }
    response = nil
    isCancelled = false
    var item = items[active.itemID] ?? ConversationItem(id: active.itemID, role: .assistant, content: [])
    item.status = if case .completed = status { .completed } else { .incomplete }
    item.sent = active.sent
    let isAudio = active.modality == .audio
    // One that was truncated meanwhile keeps no words.
    if item.content.isEmpty {
      item.content = [isAudio ? .outputAudio(transcript: active.text) : .outputText(active.text)]
    }
    items[active.itemID] = item
    if isAudio {
      sayPart("response.output_audio.done", active) { _ in }
      sayPart("response.output_audio_transcript.done", active) { $0.field("transcript", active.text) }
    } else {
      sayPart("response.output_text.done", active) { $0.field("text", active.text) }
    }
    sayPart("response.content_part.done", active) { $0.object("part") { writePart(active.text, active, to: &$0) } }
    sayItem("conversation.item.done", item)
    sayOutput("response.output_item.done", active, item)
    sayResponse("response.done", active, status, output: [item])
  }

  /// The response that the client asked for does not come.
  func skipWanted(_ status: RealtimeResponse.Status) {
    guard let skipped = wanted else { return }
    wanted = nil
    sayResponse("response.created", skipped, .inProgress, output: [])
    sayResponse("response.done", skipped, status, output: [])
  }

  /// The call is over.
  func tellEnd(_ reason: CloseReason) {
    if let response { finishResponse(of: response.utterance, .incomplete("max_output_tokens")) }
    skipWanted(.cancelled("client_cancelled"))
    endAsides()
    guard reason == .timeLimit, let expiryText else { return }
    eventID = nil
    say(RealtimeFault(.sessionExpired, expiryText))
  }

  // MARK: - Events

  func sayResponse(
    _ type: String, _ response: RealtimeResponse, _ status: RealtimeResponse.Status, output: [ConversationItem]
  ) {
    say(type) { [session] writer in
      writer.object("response") { writer in
        writer.field("object", "realtime.response")
        writer.field("id", response.id)
        writer.field("status", status.name)
        writeDetails(status, to: &writer)
        writer.objects("output", output) { $1.writeMembers(to: &$0) }
        writer.field(
          "conversation_id", response.isBeside ? JSONValue.null : .string("conv_\(session.id.suffix(12))"))
        writer.list("output_modalities", [response.modality.rawValue])
        writer.field("max_output_tokens", "inf")
        writer.object("audio") { $0.object("output", session.writeResponseOutput) }
        writer.field("usage", .null)
        if let metadata = response.metadata {
          writer.field("metadata", metadata)
        } else {
          writer.field("metadata", .null)
        }
      }
    }
  }

  private func writeDetails(_ status: RealtimeResponse.Status, to writer: inout JSONWriter) {
    switch status {
    case .inProgress, .completed: writer.field("status_details", .null)
    case .cancelled(let reason), .incomplete(let reason):
      writer.object("status_details") { writer in
        writer.field("type", status.name)
        writer.field("reason", reason)
      }
    case .failed(let fault):
      writer.object("status_details") { writer in
        writer.field("type", status.name)
        writer.object("error") { writer in
          writer.field("type", fault.type)
          writer.field("code", fault.code)
        }
      }
    }
  }

  /// - Parameter index: of the item in its response.
  func sayOutput(_ type: String, _ response: RealtimeResponse, _ item: ConversationItem, at index: Int = 0) {
    say(type) { writer in
      writer.field("response_id", response.id)
      writer.field("output_index", index)
      writer.object("item", item.writeMembers)
    }
  }

  func sayPart(_ type: String, _ response: RealtimeResponse, _ members: (inout JSONWriter) -> Void) {
    say(type) { writer in
      writer.field("response_id", response.id)
      writer.field("item_id", response.itemID)
      writer.field("output_index", 0)
      writer.field("content_index", 0)
      members(&writer)
    }
  }

  func writePart(_ text: String, _ response: RealtimeResponse, to writer: inout JSONWriter) {
    writer.field("type", response.modality.rawValue)
    writer.field(response.modality == .audio ? "transcript" : "text", text)
  }
}
