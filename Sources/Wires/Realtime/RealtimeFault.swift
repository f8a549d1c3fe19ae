import JSON

/// What is wrong with an event of a client, in the words of OpenAI's Realtime protocol.
package struct RealtimeFault: Error, Equatable {
  /// Words for programs.
  enum Code: String {
    case invalidEvent = "invalid_event"
    case invalidType = "invalid_type"
    case invalidValue = "invalid_value"
    case missingParameter = "missing_required_parameter"
    case unknownParameter = "unknown_parameter"
    case eventTooLarge = "event_too_large"
    case betaShape = "beta_api_shape_disabled"
    case modelNotFound = "model_not_found"
    /// Only a language model could do it, and there is none.
    case needsLanguageModel = "language_model_required"
    case bufferFull = "input_audio_buffer_full"
    case commitEmpty = "input_audio_buffer_commit_empty"
    case formatFixed = "cannot_update_audio_format"
    case voiceFixed = "cannot_update_voice"
    case activeResponse = "conversation_already_has_active_response"
    case nothingToCancel = "response_cancel_not_active"
    case duplicateItem = "item_create_duplicate_item_id"
    case badPreviousItem = "item_create_invalid_previous_item_id"
    case retrieveUnknownItem = "item_retrieve_invalid_item_id"
    case deleteUnknownItem = "item_delete_invalid_item_id"
    case truncateUnknownItem = "item_truncate_invalid_item_id"
    case unsupportedContent = "unsupported_content_type"
    case sessionExpired = "session_expired"
  }

  /// What kind.
  package var code: String
  /// For people: what was expected and what came.
  package var message: String
  /// Which member, such as `session.audio.input.format`; `nil` for none.
  package var param: String?
  /// Whose fault: `invalid_request_error` or `server_error`.
  var type = "invalid_request_error"

  init(_ code: Code, _ message: String, param: String? = nil) {
    (self.code, self.message, self.param) = (code.rawValue, message, param)
  }

  /// A fault that the server, not the client, is to blame for.
  init(server code: String, _ message: String) {
    (self.code, self.message, type) = (code, message, "server_error")
  }

  /// A fault that another part of the program found.
  init(_ fault: WireFault) {
    code = fault.code.rawValue.split(separator: "-").joined(separator: "_")
    message = fault.message
  }

  /// - Parameter event: the client's id of the event that was wrong.
  func writeMembers(to writer: inout JSONWriter, event: String?) {
    writer.field("type", type)
    writer.field("code", code)
    writer.field("message", message)
    writer.field("param", param)
    writer.field("event_id", event)
  }
}

/// The members of an object of a client, read with the types that their places ask for. Absent and `null` are two things: an update keeps
/// what it does not name.
struct RealtimeFields {
  let place: String
  let members: [String: JSONValue]

  init(_ value: JSONValue, place: String) throws(RealtimeFault) {
    guard case .object(let members) = value else {
      throw RealtimeFault(.invalidType, "\(place): expected an object, got \(value.summary)", param: place)
    }
    (self.place, self.members) = (place, members)
  }

  /// The member; `nil` when it is absent or null.
  subscript(name: String) -> JSONValue? { members[name].flatMap { $0 == .null ? nil : $0 } }

  /// Calls `set` with the member where it is there, with `nil` where it is null.
  func update(_ name: String, _ set: (JSONValue?) throws(RealtimeFault) -> Void) throws(RealtimeFault) {
    guard let value = members[name] else { return }
    try set(value == .null ? nil : value)
  }

  func object(_ name: String) throws(RealtimeFault) -> RealtimeFields? {
    guard let value = self[name] else { return nil }
    return try RealtimeFields(value, place: path(name))
  }

  func text(_ name: String, bytesMax: Int = 512) throws(RealtimeFault) -> String {
    guard let text = try optionalText(name, bytesMax: bytesMax) else {
      throw RealtimeFault(.missingParameter, "\(path(name)): expected a text, got nothing", param: path(name))
    }
    return text
  }

  func optionalText(_ name: String, bytesMax: Int = 512) throws(RealtimeFault) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw wrongType(name, "a text", value) }
    // No database keeps it.
    guard !text.utf8.contains(0) else { throw outOfRange(name, "a text without NUL characters", value) }
    guard text.utf8.count <= bytesMax else {
      throw outOfRange(name, "at most \(bytesMax) bytes of text", .integer(Int64(text.utf8.count)))
    }
    return text
  }

  func number(_ name: String, _ range: ClosedRange<Int>) throws(RealtimeFault) -> Int? {
    guard let value = self[name] else { return nil }
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    switch value {
    case .integer, .number: break
    default: throw wrongType(name, expected, value)
    }
    guard let number = value.wholeNumber.flatMap(Int.init(exactly:)), range.contains(number) else {
      throw outOfRange(name, expected, value)
    }
    return number
  }

  func flag(_ name: String) throws(RealtimeFault) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let flag) = value else { throw wrongType(name, "true or false", value) }
    return flag
  }

  func choice(_ name: String, of choices: [String]) throws(RealtimeFault) -> String? {
    guard let text = try optionalText(name) else { return nil }
    guard choices.contains(text) else {
      throw outOfRange(name, "one of " + choices.joined(separator: ", "), .string(text))
    }
    return text
  }

  func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

  func wrongType(_ name: String, _ expected: String, _ value: JSONValue) -> RealtimeFault {
    RealtimeFault(.invalidType, "\(path(name)): expected \(expected), got \(value.summary)", param: path(name))
  }

  func outOfRange(_ name: String, _ expected: String, _ value: JSONValue) -> RealtimeFault {
    RealtimeFault(.invalidValue, "\(path(name)): expected \(expected), got \(value.summary)", param: path(name))
  }
}
