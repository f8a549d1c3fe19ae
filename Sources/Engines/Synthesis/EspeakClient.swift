import CallCore
import CallDriver
import ChildProcesses

/// eSpeak NG in children of this program. A text that ends a child, or takes too long, fails alone; the same text is not tried again. Safe
/// to share by threads: as many speak at once as there are children.
final class EspeakClient: Sendable {
  /// The one of this process.
  static let shared: Result<EspeakClient, EngineError> = Result { () throws(EngineError) in
    try EspeakClient(EngineChild.executable(EspeakService.name))
  }

  private static let otherAnswer = EngineError.crashed("eSpeak NG gave another answer than was asked for")

  /// What it is and which languages it speaks.
  let description: EspeakDescription
  private let children: ChildPool

  /// Starts the children and waits for the first.
  /// - Throws: `.modelUnavailable` with the path of eSpeak's data, `.crashed` when no child can be started.
  init(_ executable: ChildExecutable) throws(EngineError) {
    do throws(ChildFailure) { children = try ChildPool(executable, limits: EspeakService.limits) } catch {
      throw EngineError(error)
    }
    guard case .description(let description) = try Self.response(to: .description, from: children) else {
      throw Self.otherAnswer
    }
    self.description = description
  }

  /// Speaks `text` with the voice that `voice` selects, such as `gmw/en-US+f3`.
  func speak(_ text: String, voice: String, style: EspeakStyle) throws(EngineError) -> [Int16] {
    let request = EspeakRequest.speech(text, voice: voice, style: style)
    guard case .speech(let samples) = try Self.response(to: request, from: children) else {
      throw Self.otherAnswer
    }
    return samples
  }

  /// The IPA phonemes of each clause as `voice` would say it; numbers, times and abbreviations are read out.
  func phonemes(of clauses: [String], voice: String) throws(EngineError) -> [String] {
    let request = EspeakRequest.phonemes(clauses, voice: voice)
    guard case .phonemes(let phonemes) = try Self.response(to: request, from: children), phonemes.count == clauses.count
    else { throw Self.otherAnswer }
    return phonemes
  }

  private static func response(to request: EspeakRequest, from children: ChildPool) throws(EngineError)
    -> EspeakResponse
  {
    let bytes: [UInt8]
    do throws(ChildFailure) { bytes = try children.response(to: request.message.bytes) } catch {
      throw EngineError(error)
    }
    switch EngineMessage(bytes).flatMap(EspeakResponse.init) {
    case .failure(let error): throw error
    case let answer?: return answer
    case nil: throw .crashed("eSpeak NG gave an answer that cannot be read")
    }
  }
}

extension EngineError {
  /// Why eSpeak NG gave no answer.
  fileprivate init(_ failure: ChildFailure) {
    switch failure {
    case .timedOut(let limit): self = .timedOut(limit: .milliseconds(limit.milliseconds))
    case .overloaded(let limit): self = .overloaded(queue: "eSpeak NG", limit: limit)
    case .requestTooLarge: self = .unsupported("a text that is too long: eSpeak NG \(failure)")
    case .notStarted, .ended, .badAnswer, .unwanted, .refused: self = .crashed("eSpeak NG \(failure)")
    }
  }
}
