public import JSON

/// One line of what `voiceforge load --progress json` prints: a JSON object whose `type` says what it tells.
public enum LoadEvent: Sendable, Equatable {
  /// `second`: another second is over.
  case second(LoadSecond)
  /// `result`: what came of the run, the object of `voiceforge load --json` without its seconds.
  case result(JSONValue)
  /// `page`: the report, its `html` a whole page.
  case page(String)

  /// - Parameter bytes: the line without its end, UTF-8. The caller bounds its length.
  /// - Throws: what is wrong.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: bytes, nestingMax: WireLimits.nestingMax)
    } catch {
      throw WireFault(.malformedJSON, "not JSON: \(error)")
    }
    let fields = try JSONFields(value, place: "line")
    switch try fields.text("type") {
    case "second": self = .second(try LoadSecond(value))
    case "result":
      guard case .object(var members) = value else { throw fields.wrongType("result", "an object", value) }
      members["type"] = nil
      self = .result(.object(members))
    case "page": self = .page(try fields.text("html"))
    case let other: throw WireFault(.unknownType, "line.type: there is no \(other.quoted)")
    }
  }
}
