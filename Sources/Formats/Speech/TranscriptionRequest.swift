import JSON

/// What `POST /v1/audio/transcriptions` and `POST /v1/audio/translations` ask for, in OpenAI's shape.
public struct TranscriptionRequest: Sendable {
  /// The file as it came.
  public var file: [UInt8]
  /// How the words are written down.
  public var format = TranscriptFormat.json
  /// Whether the words come as events, passage by passage.
  public var isStreamed = false
  /// What has times in `verbose_json`.
  public var times: Set<Transcript.Granularity> = [.segment]

  /// Longest value of a field, in bytes; `prompt` is taken and not used.
  private static let fieldBytesMax = 8192

  /// - Parameters:
  ///   - body: the whole form.
  ///   - contentType: the header field, with the boundary.
  ///   - task: a translation has no events and no times of words.
  public init(
    parsing body: [UInt8], contentType: String, task: TranscriptionTask = .transcribe
  ) throws(OpenAIFault) {
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
    try Self.checkLanguage(form, task)
    if task == .transcribe {
      isStreamed = try Self.isStreamed(form, format)
      times = try Self.times(form, format)
    }
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

  /// The language of sound is not recognised: what a client does not say is taken for English.
  private static func checkLanguage(_ form: MultipartForm, _ task: TranscriptionTask) throws(OpenAIFault) {
    guard let language = try text(form, "language")?.lowercased(), !language.isEmpty,
      language != "en", language != "english", !language.hasPrefix("en-")
    else { return }
    let why = task == .translate ? "; there is no model here that translates" : ""
    throw OpenAIFault(
      400, "language: only English is understood here, not \(language.quoted)\(why)", parameter: "language")
  }

  private static func isStreamed(
    _ form: MultipartForm, _ format: TranscriptFormat
  ) throws(OpenAIFault) -> Bool {
    switch try text(form, "stream")?.lowercased() {
    case nil, "", "false": return false
    case "true": break
    case let other?:
      throw OpenAIFault(400, "stream: expected true or false, got \(other.quoted)", parameter: "stream")
    }
    guard format == .json || format == .text else {
      throw OpenAIFault(
        400, "stream: events hold words without times: ask for response_format json or text, or leave stream out",
        parameter: "stream")
    }
    return true
  }

  private static func times(
    _ form: MultipartForm, _ format: TranscriptFormat
  ) throws(OpenAIFault) -> Set<Transcript.Granularity> {
    let name = "timestamp_granularities"
    let asked = form.parts.filter { $0.name == name || $0.name == "\(name)[]" }
    guard !asked.isEmpty else { return [.segment] }
    guard format == .verbose else {
      throw OpenAIFault(400, "\(name): times are in response_format verbose_json only", parameter: name)
    }
    var times: Set<Transcript.Granularity> = []
    for part in asked {
      let word = String(decoding: part.content, as: UTF8.self)
      guard let granularity = Transcript.Granularity(rawValue: word) else {
        throw OpenAIFault(400, "\(name): expected word or segment, got \(word.quoted)", parameter: name)
      }
      times.insert(granularity)
    }
    return times
  }

  private static func text(_ form: MultipartForm, _ name: String) throws(OpenAIFault) -> String? {
    do throws(MultipartFault) { return try form.text(name) } catch {
      throw OpenAIFault(400, "\(error)", parameter: name)
    }
  }
}
