import CallCore
import RemoteServices

/// Whether the language model can be used: it is asked to say something.
enum ModelChecks {
  /// Takes as long as the model does, at most `ModelTimes.wholeMax`.
  static func section(_ service: ModelService) -> DoctorSection {
    let probe = ProgressLine.during("trying the language model out …") { RemoteModelProbe(service) }
    var checks: [DoctorCheck] = []
    switch probe.outcome {
    case .success(let found):
      let first = SpokenFigures.precise(CallDuration(found.firstPiece))
      let words = TextColumns.cut(found.text.split(whereSeparator: \.isNewline).joined(separator: " "), to: 60)
      checks.append(
        DoctorCheck(name: "Model", detail: "\(found.model) began after \(first) and said \"\(words)\""))
    case .failure(let fault):
      checks.append(
        DoctorCheck(
          name: "Model", state: .missing, detail: fault.description, remedy: remedy(of: fault.kind)))
    }
    if service.address.showsKey {
      checks.append(
        DoctorCheck(
          name: "Key", state: .note, detail: "goes there without TLS: anybody on the way can read it",
          remedy: "an https address in OPENAI_BASE_URL"))
    }
    return DoctorSection(title: "Language model at \(service.address.base)", checks: checks)
  }

  private static func remedy(of kind: ModelFault.Kind) -> String {
    switch kind {
    case .unreachable: "start the server, or correct OPENAI_BASE_URL"
    case .late, .stalled:
      "a faster model or machine, or longer VOICEFORGE_MODEL_PIECE_MAX and VOICEFORGE_MODEL_ANSWER_MAX"
    case .refusedKey: "correct OPENAI_API_KEY"
    case .missing: "correct OPENAI_MODEL or OPENAI_BASE_URL"
    case .limited: "wait, or see to the account at the service"
    case .refusedRequest, .failed, .malformed, .empty, .tooLarge, .cancelled: "mend the server, or name another one"
    }
  }
}
