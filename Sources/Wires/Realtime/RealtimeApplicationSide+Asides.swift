import CallCore
import JSON

/// A response beside the conversation: a question to the language model of which the call knows nothing.
struct RealtimeAside {
  var response: RealtimeResponse
  /// As far as it came.
  var answer = ModelAnswer()
  /// Whether its item was told.
  var isBegun = false
}

extension RealtimeApplicationSide {
  /// Most at once; another one is refused.
  private static let asidesMax = 4
  /// Most items of an input.
  private static let inputCountMax = 256
  /// Most bytes of words that the model is asked about.
  private static let inputBytesMax = 262_144

  /// Asks the model beside the conversation.
  /// - Parameter fields: of the response.
  func createAside(_ fields: RealtimeFields, _ handle: (WireEvent) -> Void) throws(RealtimeFault) {
    guard asides.count < Self.asidesMax else {
      throw RealtimeFault(
        .activeResponse, "at most \(Self.asidesMax) responses beside the conversation are made at once: wait for one")
    }
    var next = RealtimeResponse(id: makeID("resp"), itemID: makeID("item"), modality: session.modality)
    next.isBeside = true
    if let value = fields["output_modalities"] { next.modality = try RealtimeSession.modality(value, fields) }
    guard next.modality == .text else {
      throw RealtimeFault(
        .invalidValue, "response.output_modalities: a response beside the conversation is text: write [\"text\"]",
        param: "response.output_modalities")
    }
    next.metadata = try Self.metadata(fields)
    var question = try modelSettings(of: fields) ?? session.modelSettings
    question.messages += Self.answered(try asideInput(fields) ?? latestMessages())
    guard question.messages.contains(where: { $0 != .system("") }) else {
      throw RealtimeFault(
        .missingParameter, "response.input: there is nothing to answer: write instructions or input",
        param: "response.input")
    }
    asideCount += 1
    asides[asideCount] = RealtimeAside(response: next)
    sayResponse("response.created", next, .inProgress, output: [])
    handle(.asked(aside: asideCount, question))
  }

  /// Of the conversation the newest that there is room for.
  private func latestMessages() -> [ModelMessage] {
    var (messages, bytes): ([ModelMessage], Int) = ([], 0)
    for item in items.items.reversed().prefix(Self.inputCountMax) {
      bytes += item.modelMessage.byteCount
      guard bytes <= Self.inputBytesMax else { break }
      messages.append(item.modelMessage)
    }
    return messages.reversed()
  }

  /// What the client wants the model to see in place of the conversation; `nil`: it does not say.
  private func asideInput(_ fields: RealtimeFields) throws(RealtimeFault) -> [ModelMessage]? {
    guard let value = fields["input"] else { return nil }
    guard case .array(let list) = value else { throw fields.wrongType("input", "a list", value) }
    guard list.count <= Self.inputCountMax else {
      throw fields.outOfRange("input", "at most \(Self.inputCountMax) items", .integer(Int64(list.count)))
    }
    var (messages, bytes): ([ModelMessage], Int) = ([], 0)
    for (index, value) in list.enumerated() {
      let item = try RealtimeFields(value, place: fields.path("input[\(index)]"))
      let type = try item.text("type")
      if type == "item_reference" {
        let id = try item.text("id")
        guard let known = items[id] else {
          throw RealtimeFault(
            .retrieveUnknownItem, "\(item.path("id")): there is no item \(id.quoted) in this conversation",
            param: item.path("id"))
        }
        messages.append(known.modelMessage)
      } else {
        messages.append(try Self.asideMessage(type, item))
      }
      bytes += messages[messages.count - 1].byteCount
      guard bytes <= Self.inputBytesMax else {
        throw RealtimeFault(
          .invalidValue, "response.input: expected at most \(Self.inputBytesMax) bytes of words in all",
          param: "response.input")
      }
    }
    return messages
  }

  private static func asideMessage(_ type: String, _ item: RealtimeFields) throws(RealtimeFault) -> ModelMessage {
    switch type {
    case "message":
      return ConversationItem(id: "", role: try role(item), content: try content(item)).spokenMessage
    case "function_call":
      let call = ModelToolCall(
        id: try item.text("call_id", bytesMax: 64), name: try item.text("name", bytesMax: 64),
        arguments: try item.text("arguments", bytesMax: resultBytesMax))
      return .assistant("", calls: [call])
    case "function_call_output":
      return .toolResult(
        id: try item.text("call_id", bytesMax: 64), try item.text("output", bytesMax: resultBytesMax))
    default:
      throw RealtimeFault(
        .invalidValue,
        "\(item.path("type")): expected message, function_call, function_call_output or item_reference, got \(type.quoted)",
        param: item.path("type"))
    }
  }

  /// Without calls that have no result and results that have no call: servers refuse such conversations whole.
  private static func answered(_ messages: [ModelMessage]) -> [ModelMessage] {
    let results = Set(messages.compactMap { if case .toolResult(let id, _) = $0 { id } else { nil } })
    var called: Set<String> = []
    return messages.filter { message in
      switch message {
      case .assistant(_, let calls) where !calls.isEmpty:
        called.formUnion(calls.map(\.id))
        return calls.allSatisfy { results.contains($0.id) }
      case .toolResult(let id, _): return called.contains(id)
      case .assistant(let text, _), .user(let text), .system(let text): return !text.isEmpty
      }
    }
  }

  // MARK: - The answer

  func tellAside(_ number: Int, _ news: AsideNews) {
    guard asides[number] != nil else { return }
    switch news {
    case .delta(let delta): addToAside(number, delta)
    case .finished: finishAside(number, .completed)
    case .failed(let fault):
      // Where the model's server stands, which the fault may say, is for those who run this one.
      let message = "the language model gave no answer (\(fault.kind.rawValue))"
      finishAside(number, .failed(RealtimeFault(server: "language_model_failed", message)))
    }
  }

  private func addToAside(_ number: Int, _ delta: ModelDelta) {
    asides[number]?.answer.add(delta)
    guard case .text(let text) = delta, let aside = asides[number] else { return }
    if !aside.isBegun {
      asides[number]?.isBegun = true
      let item = ConversationItem(id: aside.response.itemID, role: .assistant, status: .inProgress, content: [])
      sayOutput("response.output_item.added", aside.response, item)
      sayPart("response.content_part.added", aside.response) { writer in
        writer.object("part") { writePart("", aside.response, to: &$0) }
      }
    }
    sayPart("response.output_text.delta", aside.response) { $0.field("delta", text) }
  }

  private func finishAside(_ number: Int, _ status: RealtimeResponse.Status) {
    guard let aside = asides.removeValue(forKey: number) else { return }
    let (response, answer) = (aside.response, aside.answer)
    let isWhole = if case .completed = status { true } else { false }
    var output: [ConversationItem] = []
    if aside.isBegun {
      var item = ConversationItem(
        id: response.itemID, role: .assistant, status: .completed, content: [.outputText(answer.text)])
      if !isWhole { item.status = .incomplete }
      sayPart("response.output_text.done", response) { $0.field("text", answer.text) }
      sayPart("response.content_part.done", response) { writer in
        writer.object("part") { writePart(answer.text, response, to: &$0) }
      }
      sayOutput("response.output_item.done", response, item)
      output.append(item)
    }
    if isWhole {
      for call in answer.toolCalls { output.append(sayCall(call, of: response, at: output.count)) }
    }
    let isCut = isWhole && answer.finish == .length
    sayResponse("response.done", response, isCut ? .incomplete("max_output_tokens") : status, output: output)
  }

  /// A call that the model wants made, beside the conversation.
  private func sayCall(_ call: ModelToolCall, of response: RealtimeResponse, at index: Int) -> ConversationItem {
    var item = ConversationItem(id: makeID("item"), role: .assistant, status: .inProgress, content: [])
    // Not every server gives ids, and none knows those of the conversation.
    let call = ModelToolCall(id: makeID("call"), name: call.name, arguments: call.arguments)
    item.call = ModelToolCall(id: call.id, name: call.name, arguments: "")
    sayOutput("response.output_item.added", response, item, at: index)
    (item.call, item.status) = (call, .completed)
    sayArguments("done", "arguments", call, response, item, at: index)
    sayOutput("response.output_item.done", response, item, at: index)
    return item
  }

  /// - Returns: whether there is such a response.
  func cancelAside(_ id: String, _ handle: (WireEvent) -> Void) -> Bool {
    guard let number = asides.first(where: { $0.value.response.id == id })?.key else { return false }
    handle(.stopped(aside: number))
    finishAside(number, .cancelled("client_cancelled"))
    return true
  }

  /// The call is over.
  func endAsides() {
    for number in asides.keys.sorted() { finishAside(number, .cancelled("client_cancelled")) }
  }
}

extension ConversationItem {
  /// What a model is told of it that answers beside the conversation.
  fileprivate var modelMessage: ModelMessage {
    if let call { return .assistant("", calls: [call]) }
    if let output { return .toolResult(id: output.call, output.text) }
    return spokenMessage
  }
}

extension ModelMessage {
  /// Of its words.
  fileprivate var byteCount: Int {
    switch self {
    case .system(let text), .user(let text): text.utf8.count
    case .assistant(let text, let calls):
      calls.reduce(text.utf8.count) { $0 + $1.name.utf8.count + $1.arguments.utf8.count }
    case .toolResult(let id, let text): id.utf8.count + text.utf8.count
    }
  }
}
