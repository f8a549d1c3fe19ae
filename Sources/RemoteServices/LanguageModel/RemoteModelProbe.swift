public import CallCore
import CallDriver
import Threads

/// Tries a language model out: for `voiceforge doctor`. Asks for one short sentence, and listens no longer than that takes.
public struct RemoteModelProbe: Sendable {
  /// What was found.
  public struct Found: Sendable {
    /// Who answered, as the server calls it.
    public let model: String
    /// From the question to the first word.
    public let firstPiece: Duration
    /// What it said.
    public let text: String
  }

  /// A model that talks on is not waited for. A limit of tokens is no way to tell it that: some refuse it, others use it up thinking.
  private static let bytesEnough = 100

  /// The answer, or why there is none.
  public let outcome: Result<Found, ModelFault>

  /// Blocks, at most `ModelTimes.wholeMax`.
  public init(_ service: ModelService) {
    let model = RemoteModel(service)
    defer { model.stop() }
    let request = ModelRequest([.user("Say hello in one short sentence.")])
    let begun = ContinuousClock.now
    let heard = Locked((answer: ModelAnswer(), firstPiece: Duration?.none))
    let ending = Promise<Result<String, ModelFault>>()
    _ = model.ask(request, of: "the language model at \(service.address.base)") { event in
      switch event {
      case .delta(let delta):
        let isEnough = heard.withLock { heard in
          heard.answer.add(delta)
          heard.firstPiece = heard.firstPiece ?? begun.duration(to: .now)
          return heard.answer.text.utf8.count > Self.bytesEnough
        }
        if isEnough { ending.fulfill(.success(service.model)) }
      case .finished(let model): ending.fulfill(.success(model))
      case .failed(let fault): ending.fulfill(.failure(fault))
      }
    }
    outcome = ending.wait().map { model in
      heard.withLock { Found(model: model, firstPiece: $0.firstPiece ?? .zero, text: $0.answer.text) }
    }
  }
}
