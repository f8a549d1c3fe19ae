public import CallCore
import CallDriver
import Threads

/// Tries a language model out: for `voiceforge doctor`. Asks for one short sentence.
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

  /// The answer, or why there is none.
  public let outcome: Result<Found, ModelFault>

  /// Blocks, at most `ModelTimes.wholeMax`.
  public init(_ service: ModelService) {
    let model = RemoteModel(service)
    defer { model.stop() }
    var request = ModelRequest([.user("Say hello in one short sentence.")])
    request.tokensMax = 32
    let begun = ContinuousClock.now
    let heard = Locked((answer: ModelAnswer(), firstPiece: Duration?.none))
    let ending = Promise<Result<String, ModelFault>>()
    _ = model.ask(request) { event in
      switch event {
      case .delta(let delta):
        heard.withLock { heard in
          heard.answer.add(delta)
          heard.firstPiece = heard.firstPiece ?? begun.duration(to: .now)
        }
      case .finished(let model): ending.fulfill(.success(model))
      case .failed(let fault): ending.fulfill(.failure(fault))
      }
    }
    outcome = ending.wait().map { model in
      heard.withLock { Found(model: model, firstPiece: $0.firstPiece ?? .zero, text: $0.answer.text) }
    }
  }
}
