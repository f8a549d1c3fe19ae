import JSON

/// What `POST /v1/audio/transcriptions` asks for, in OpenAI's shape.
public struct TranscriptionRequest: Sendable {
  /// The file as it came.
  public var file: [UInt8]
  /// How the words are written down.
  public var format = TranscriptFormat.json

  /// Longest value of a field, in bytes; `prompt` is taken and not used.
  private static let fieldBytesMax = 8192

  /// - Parameters:
  ///   - body: the whole form.
  ///   - contentType: the header field, with the boundary.
  public init(parsing body: [UInt8], contentType: String) throws(OpenAIFault) {
    let form: MultipartForm
    do throws(MultipartFault) {
      form = try MultipartForm(parsing: body, contentType: contentType)
    } catch {
      throw OpenAIFault(400, "\(error)", code: "invalid_form")
    }
    for part in form.parts where part.name != "file" && part.content.count > Self.fieldBytesMax {
      throw OpenAIFault(400, "\(part.name.quoted) is longer than \(Self.fieldBytesMax) bytes")
    }
    let model = try Self.text(form, "model") ?? ""
    guard !model.isEmpty else { throw OpenAIFault(400, "model: expected a name, got nothing", parameter: "model") }
    guard SpeechModel.transcriptionNames.contains(model) else {
      let known = SpeechModel.transcriptionNames.joined(separator: ", ")
      throw OpenAIFault(
        404, "model: there is no \(model.quoted) that transcribes; there are \(known)", parameter: "model",
        code: "model_not_found")
    }
    format = try Self.format(form)
    try Self.rejectUnsupported(form)
    guard let file = form["file"] else { throw OpenAIFault(400, "file: expected a file, got none", parameter: "file") }
    guard !file.content.isEmpty else { throw OpenAIFault(400, "file: the file is empty", parameter: "file") }
    self.file = Array(file.content)
  }

  private static func format(_ form: MultipartForm) throws(OpenAIFault) -> TranscriptFormat {
    guard let name = try text(form, "response_format") else { return .json }
    if let format = TranscriptFormat(rawValue: name) { return format }
    let known = TranscriptFormat.allCases.map(\.rawValue).joined(separator: ", ")
    throw OpenAIFault(
      400, "response_format: there is no \(name.quoted); there are \(known)", parameter: "response_format")
  }

  private static func rejectUnsupported(_ form: MultipartForm) throws(OpenAIFault) {
    if let language = try text(form, "language")?.lowercased(), !language.isEmpty,
      language != "en", language != "english", !language.hasPrefix("en-")
    {
      throw OpenAIFault(
        400, "language: only English is understood here, not \(language.quoted)", parameter: "language")
    }
    if try text(form, "stream") == "true" {
      throw OpenAIFault(400, "stream: transcriptions come in one piece here", parameter: "stream")
    }
    for part in form.parts where part.name.hasPrefix("timestamp_granularities") {
      guard part.content.elementsEqual("word".utf8) else { continue }
      throw OpenAIFault(
        400, "timestamp_granularities: passages have times here, words have none", parameter: "timestamp_granularities")
    }
  }

  private static func text(_ form: MultipartForm, _ name: String) throws(OpenAIFault) -> String? {
    do throws(MultipartFault) { return try form.text(name) } catch {
      throw OpenAIFault(400, "\(error)", parameter: name)
    }
  }
}
