public import CallCore
public import CallDriver
import Formats
import Threads
import WebSockets

/// A language model of a server in OpenAI's shape. Nothing is contacted before the first question; each has a connection of its own, which is
/// closed when the answer is given up.
public final class RemoteModel: LanguageModel, ChatRelay {
  /// Most questions under way; further ones fail as `limited`.
  public static let questionsMax = 256

  private let service: ModelService
  private let client = HTTPClient(requestCountMax: questionsMax)
  private let timer = ModelTimer()
  private let lastID = Locked<UInt64>(0)

  /// - Parameter service: where it is and how long it is waited for.
  public init(_ service: ModelService) { self.service = service }

  /// See `ChatRelay`.
  public var name: String { service.model }

  /// See `LanguageModel`. A fault does not say where the model is: clients are told of it, and recordings keep it.
  public func ask(_ request: ModelRequest, _ deliver: @escaping @Sendable (ModelEvent) -> Void) -> any ModelTicket {
    ask(request, of: "the language model", deliver)
  }

  /// - Parameter name: what faults call the model.
  func ask(
    _ request: ModelRequest, of name: String, _ deliver: @escaping @Sendable (ModelEvent) -> Void
  ) -> any ModelTicket {
    var question = ModelQuestion<ChatStreamReader>(
      makeReader: { [key = service.address.key] in ChatStreamReader(hiding: key) },
      makeBody: { model throws(ModelFault) in try ChatRequestDocument.body(of: request, model: model) })
    question.traceparent = request.traceparent
    return begin(question) { [address = service.address] event in
      switch event {
      case .piece(let delta): deliver(.delta(delta))
      case .over(let end):
        guard var fault = end.fault else { return deliver(.finished(model: end.model)) }
        fault.description = address.withoutKey("\(name): \(fault)")
        deliver(.failed(fault))
      }
    }
  }

  /// See `ChatRelay`.
  public func relay(
    _ request: ChatRelayRequest, _ deliver: @escaping @Sendable (ChatRelayEvent) -> Void
  ) -> any ModelTicket {
    var question = ModelQuestion<ChatRelayReader>(
      makeReader: { [key = service.address.key] in
        ChatRelayReader(isStreamed: request.isStreamed, wantsUsage: request.wantsUsage, hiding: key)
      },
      makeBody: { request.body($0) })
    question.isStreamed = request.isStreamed
    return begin(question) { [address = service.address] event in
      switch event {
      case .piece(let data): deliver(.data(data))
      case .over(let end):
        guard let fault = end.fault else { return deliver(.finished(end.reader.usage)) }
        deliver(.failed(ChatRefusal(fault, end.response, hiding: address), end.reader.usage))
      }
    }
  }

  private func begin<Reader: ModelAnswerReader>(
    _ question: ModelQuestion<Reader>, _ deliver: @escaping @Sendable (ModelExchange<Reader>.Event) -> Void
  ) -> any ModelTicket {
    let id = lastID.withLock { id in
      id += 1
      return id
    }
    let exchange = ModelExchange(id: id, question, service, client: client, timer: timer, deliver)
    exchange.begin()
    return exchange
  }

  deinit { stop() }

  /// Ends all questions under way as `cancelled`; further ones fail. Not to be called by what is told of an answer.
  public func stop() {
    let waiting = timer.stop()
    client.stop()
    // A question that waited for its next try has nobody else who ends it.
    for run in waiting { run() }
  }
}

extension ChatRefusal {
  /// Longest word of a server's error that is passed on, in characters.
  private static let wordMax = 80

  /// - Parameters:
  ///   - response: what the server refused with, where it did.
  ///   - address: whose key is taken out of it.
  fileprivate init(_ fault: ModelFault, _ response: HTTPClientResponse?, hiding address: RemoteAddress) {
    var fault = fault
    fault.description = address.withoutKey("the language model: \(fault)")
    self.init(fault)
    guard let response else { return }
    status = response.status
    retryAfterSeconds = response.headers["retry-after"].flatMap { Int($0) }.flatMap {
      (0...86_400).contains($0) ? $0 : nil
    }
    func word(_ name: String) -> String? {
      ChatStreamReader.word(name, inError: response.body, hiding: address.key).map { $0.bounded(to: Self.wordMax) }
    }
    (message, type, parameter, code) = (nil, word("type"), word("param"), word("code"))
    let said = ChatStreamReader.message(inError: response.body, hiding: address.key)
    message = said.isEmpty ? nil : said
  }
}
