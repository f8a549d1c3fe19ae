import CallCore
import JSON

extension JSONFields {
  /// Reads what `JSONWriter` wrote into a database or an export. NULs in its texts, as a tool's answer may have, become U+FFFD, as they do
  /// in a database.
  /// - Throws: what is wrong with the JSON, which then somebody else wrote or changed.
  init(archived json: [UInt8], place: String) throws(WireFault) {
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: json).withoutNUL
    } catch {
      throw WireFault(.malformedJSON, "\(place) is not JSON: \(error)")
    }
    self = try JSONFields(value, place: place)
  }

  /// A whole number, where there is one. Unlike what a peer sends it may be any 64 bits from `least` on: what is once stored stays readable.
  /// Who calculates with it must bound it first.
  func storedNumber(_ name: String, from least: Int = .min) throws(WireFault) -> Int? {
    try optionalNumber(name, least...Int.max)
  }

  /// A span in microseconds, where there is one.
  func optionalSpan(_ name: String) throws(WireFault) -> CallDuration? {
    try storedNumber(name).map { .microseconds(Int64($0)) }
  }

  /// True or false; false where there is neither.
  func isSet(_ name: String) throws(WireFault) -> Bool { try self[name] == nil ? false : flag(name) }

  /// A list of texts; empty where there is none.
  func textList(_ name: String) throws(WireFault) -> [String] {
    guard let value = self[name] else { return [] }
    guard case .array(let elements) = value else { throw wrongType(name, "a list of texts", value) }
    var texts: [String] = []
    for element in elements {
      guard case .string(let text) = element else { throw wrongType(name, "a list of texts", element) }
      texts.append(text)
    }
    return texts
  }
}
