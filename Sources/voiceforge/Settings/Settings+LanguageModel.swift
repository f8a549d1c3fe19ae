import CallServer
import RemoteServices

/// What the environment says about a language model.
extension Settings {
  /// OpenAI's own.
  private static let usualURL = "https://api.openai.com/v1"

  /// The server that may be asked; `nil` unless `ENABLE_LLM` is true.
  /// - Throws: what is wrong or missing; never shows the key.
  func modelService() throws(CommandFault) -> ModelService? {
    guard try flag("ENABLE_LLM") == true else { return nil }
    guard let model = self["OPENAI_MODEL"] else {
      throw CommandFault(
        "ENABLE_LLM is true and no model is named: set OPENAI_MODEL to one that the server of OPENAI_BASE_URL has, or ENABLE_LLM=false"
      )
    }
    var service: ModelService
    do throws(RemoteAddress.Fault) {
      service = try ModelService(
        url: self["OPENAI_BASE_URL"] ?? Self.usualURL, key: self["OPENAI_API_KEY"], model: model)
    } catch {
      throw CommandFault("OPENAI_BASE_URL and OPENAI_API_KEY: \(error)")
    }
    service.fallback = self["OPENAI_FALLBACK_MODEL"]
    if let piece = try number("VOICEFORGE_MODEL_PIECE_MAX", 100...120_000) {
      service.times.pieceMax = .milliseconds(piece)
    }
    if let whole = try number("VOICEFORGE_MODEL_ANSWER_MAX", 100...600_000) {
      service.times.wholeMax = .milliseconds(whole)
    }
    return service
  }

  /// The same server for whoever is in no call: nobody is on the telephone, and answers are as long as one likes.
  /// - Throws: as `modelService`.
  func chatService() throws(CommandFault) -> ModelService? {
    guard var service = try modelService() else { return nil }
    service.times.pieceMax = .milliseconds(try number("VOICEFORGE_CHAT_PIECE_MAX", 100...600_000) ?? 30_000)
    service.times.wholeMax = .milliseconds(try number("VOICEFORGE_CHAT_ANSWER_MAX", 100...3_600_000) ?? 300_000)
    return service
  }

  /// `VOICEFORGE_CHAT_QUESTIONS`, or 32: questions to the model at once.
  func chatLimits() throws(CommandFault) -> ChatLimits {
    var limits = ChatLimits()
    // Beyond so many the client itself refuses.
    if let count = try number("VOICEFORGE_CHAT_QUESTIONS", 1...RemoteModel.questionsMax) { limits.questionsMax = count }
    return limits
  }
}
