import CallCore
import RemoteServices

/// Where spans are sent, by the variables that OpenTelemetry's specification names. Of two for one setting, the one with `TRACES` in it counts.
extension Settings {
  /// Most attributes of `OTEL_RESOURCE_ATTRIBUTES`.
  private static let resourceAttributesMax = 64
  /// What its protocol is called there.
  private static let httpProtocol = "http/protobuf"

  /// The collector; `nil` unless `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` names one.
  /// - Parameter node: the name of this server.
  /// - Throws: what is wrong; never shows a header's value.
  func spanCollector(node: String) throws(CommandFault) -> SpanCollector? {
    guard let (name, url) = try spanEndpoint() else { return nil }
    try checkSpanProtocol()
    let headersName = firstSet("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS")
    let headers = try headersName.map { variable throws(CommandFault) in try pairs(of: variable) } ?? []
    var collector: SpanCollector
    do throws(SpanCollector.Fault) { collector = try SpanCollector(url: url, headers: headers) } catch {
      throw CommandFault("\(name)\(headersName.map { " and \($0)" } ?? ""): \(error)")
    }
    if let name = firstSet("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"),
      let milliseconds = try number(name, 1...600_000)
    {
      collector.times.answerMax = .milliseconds(milliseconds)
    }
    collector.version = VoiceForge.version
    collector.resource = try spanResource(node: node)
    return collector
  }

  /// Which calls' spans are sent: `OTEL_TRACES_SAMPLER` with `OTEL_TRACES_SAMPLER_ARG`, a share between 0 and 1.
  func traceSampler() throws(CommandFault) -> TraceSampler {
    var sampler = TraceSampler()
    if let kind = try choice("OTEL_TRACES_SAMPLER", TraceSampler.Kind.init(rawValue:)) { sampler.kind = kind }
    if let text = self["OTEL_TRACES_SAMPLER_ARG"] {
      guard let share = Double(text), (0...1).contains(share) else {
        throw CommandFault("OTEL_TRACES_SAMPLER_ARG: expected a share from 0 to 1, got \"\(text)\"")
      }
      sampler.millionths = Int((share * 1_000_000).rounded())
    }
    return sampler
  }

  /// The variable that names an address, and the whole address for traces.
  private func spanEndpoint() throws(CommandFault) -> (name: String, url: String)? {
    if try flag("OTEL_SDK_DISABLED") == true { return nil }
    let exporter = self["OTEL_TRACES_EXPORTER"] ?? "otlp"
    guard exporter != "none" else { return nil }
    guard exporter == "otlp" else {
      throw CommandFault("OTEL_TRACES_EXPORTER: expected otlp or none, got \"\(exporter)\"")
    }
    if let url = self["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] { return ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", url) }
    guard var base = self["OTEL_EXPORTER_OTLP_ENDPOINT"] else { return nil }
    guard !base.contains("?") else {
      throw CommandFault(
        "OTEL_EXPORTER_OTLP_ENDPOINT: expected an address without a query, for /v1/traces is added to it; set OTEL_EXPORTER_OTLP_TRACES_ENDPOINT to the whole address"
      )
    }
    while base.hasSuffix("/") { base.removeLast() }
    return ("OTEL_EXPORTER_OTLP_ENDPOINT", base + "/v1/traces")
  }

  private func checkSpanProtocol() throws(CommandFault) {
    guard let name = firstSet("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL") else { return }
    let text = self[name] ?? ""
    guard text == Self.httpProtocol else {
      throw CommandFault(
        "\(name): VoiceForge sends traces as \(Self.httpProtocol) and in no other way, got \"\(text)\"; set it so, and let the address "
          + "end in the collector's port for HTTP, which is usually 4318")
    }
  }

  private func spanResource(node: String) throws(CommandFault) -> [SpanAttribute] {
    let given = self["OTEL_RESOURCE_ATTRIBUTES"] == nil ? [] : try pairs(of: "OTEL_RESOURCE_ATTRIBUTES")
    guard given.count <= Self.resourceAttributesMax else {
      throw CommandFault("OTEL_RESOURCE_ATTRIBUTES: expected at most \(Self.resourceAttributesMax), got \(given.count)")
    }
    var values = ["service.name": "voiceforge", "service.version": VoiceForge.version]
    if !node.isEmpty { values["service.instance.id"] = node }
    for (name, value) in given { values[name] = value }
    if let name = self["OTEL_SERVICE_NAME"] { values["service.name"] = name }
    return values.sorted { $0.key < $1.key }.map { SpanAttribute(name: $0.key, value: .text($0.value)) }
  }

  private func firstSet(_ names: String...) -> String? { names.first { self[$0] != nil } }

  /// `NAME=VALUE` with commas between, values percent-encoded, as W3C Baggage writes them.
  private func pairs(of variable: String) throws(CommandFault) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for (index, piece) in (self[variable] ?? "").split(separator: ",").enumerated() {
      let piece = Self.trimmed(piece)
      guard !piece.isEmpty else { continue }
      guard let equals = piece.firstIndex(of: "="), equals > piece.startIndex,
        let value = String(Self.trimmed(piece[piece.index(after: equals)...])).percentDecoded
      else {
        throw CommandFault("\(variable): expected NAME=VALUE with commas between, and entry \(index + 1) is none")
      }
      pairs.append((String(Self.trimmed(piece[..<equals])), value))
    }
    return pairs
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}

extension String {
  /// - Returns: `nil` when what follows a `%` is no byte, or the bytes are no UTF-8.
  fileprivate var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
