import JSON

/// The members of an object of JSON as they are written: what is passed on member by member stays the same to the byte, order and all.
enum WrittenMembers {
  /// One member.
  struct Member {
    let name: String
    /// As it is written, without the blanks around it.
    let value: ArraySlice<UInt8>
    /// Name and value as they are written.
    let whole: ArraySlice<UInt8>
  }

  /// - Parameter text: an object that `JSONValue` read without a fault.
  static func split(_ text: ArraySlice<UInt8>) -> [Member] {
    var members: [Member] = []
    var index = text.firstIndex(of: UInt8(ascii: "{")).map { $0 + 1 } ?? text.endIndex
    while let start = text[index...].firstIndex(of: UInt8(ascii: "\"")) {
      let nameEnd = endOfText(text, from: start)
      guard let colon = text[nameEnd...].firstIndex(of: UInt8(ascii: ":")) else { break }
      let end = endOfValue(text, from: colon + 1)
      let value = withoutBlanks(text[(colon + 1)..<end])
      guard let name = name(text[start..<nameEnd]) else { break }
      members.append(Member(name: name, value: value, whole: text[start..<value.endIndex]))
      index = end
    }
    return members
  }

  private static func name(_ text: ArraySlice<UInt8>) -> String? {
    do throws(JSONFault) {
      if case .string(let name) = try JSONValue(parsing: Array(text)) { return name }
      return nil
    } catch {
      return nil  // what was read without a fault before has none
    }
  }

  /// - Parameter start: of the quotation mark that begins it.
  /// - Returns: behind the one that ends it.
  private static func endOfText(_ text: ArraySlice<UInt8>, from start: Int) -> Int {
    var index = start + 1
    while index < text.endIndex, text[index] != UInt8(ascii: "\"") {
      index += text[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index + 1, text.endIndex)
  }

  /// - Returns: where the comma or the bracket stands that ends it.
  private static func endOfValue(_ text: ArraySlice<UInt8>, from start: Int) -> Int {
    var (index, depth) = (start, 0)
    while index < text.endIndex {
      switch text[index] {
      case UInt8(ascii: "\""):
        index = endOfText(text, from: index)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { return index }
        depth -= 1
      case UInt8(ascii: ",") where depth == 0: return index
      default: break
      }
      index += 1
    }
    return index
  }

  private static func withoutBlanks(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    var text = text.drop { blanks.contains($0) }
    while let last = text.last, blanks.contains(last) { text.removeLast() }
    return text
  }
}
