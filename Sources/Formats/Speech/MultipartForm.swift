import JSON

/// A form with files, as browsers and `curl -F` send it (RFC 7578, RFC 2046 5.1).
public struct MultipartForm: Sendable {
  /// One field of the form.
  public struct Part: Sendable {
    /// Of the field.
    public var name: String
    /// Of the file, as the client calls it; `nil` for a field that is no file.
    public var fileName: String?
    /// Its content, which shares the memory of the body.
    public var content: ArraySlice<UInt8>
  }

  /// In their order.
  public private(set) var parts: [Part] = []

  /// Most parts of a form: no form here has more than ten fields.
  public static let partsMax = 64
  /// Longest head of one part, in bytes: its names.
  public static let headBytesMax = 4096
  /// Longest boundary (RFC 2046, 5.1.1), in bytes.
  public static let boundaryBytesMax = 70

  private static let lineEnd: [UInt8] = [13, 10]

  /// - Parameters:
  ///   - body: the whole form. Any bytes may come.
  ///   - contentType: the header field, with the boundary.
  public init(parsing body: [UInt8], contentType: String) throws(MultipartFault) {
    let delimiter = Array("--\(try Self.boundary(in: contentType))".utf8)
    guard var place = Self.find(delimiter, in: body, from: 0) else {
      throw MultipartFault("the form does not hold the boundary that its Content-Type names")
    }
    while true {
      place += delimiter.count
      if body[place...].starts(with: Array("--".utf8)) { return }
      guard let line = Self.find(Self.lineEnd, in: body, from: place) else { throw Self.truncated }
      guard let end = Self.find(Self.lineEnd + delimiter, in: body, from: line) else { throw Self.truncated }
      guard parts.count < Self.partsMax else { throw MultipartFault("the form has more than \(Self.partsMax) parts") }
      parts.append(try Self.part(body, from: line + 2, to: end))
      place = end + 2
    }
  }

  /// The first part of that name.
  public subscript(name: String) -> Part? { parts.first { $0.name == name } }

  /// The text of a field; `nil` when there is none.
  public func text(_ name: String) throws(MultipartFault) -> String? {
    guard let part = self[name] else { return nil }
    guard let text = String(validating: part.content, as: UTF8.self) else {
      throw MultipartFault("\(name): expected a text in UTF-8, got other bytes")
    }
    return text
  }

  private static let truncated = MultipartFault("the form ends before its last boundary: it was cut off on the way")

  private static func part(_ body: [UInt8], from start: Int, to end: Int) throws(MultipartFault) -> Part {
    guard let headEnd = find(lineEnd + lineEnd, in: body, from: max(start - 2, 0)), headEnd <= end,
      headEnd - start <= headBytesMax
    else { throw MultipartFault("a part of the form has no head of at most \(headBytesMax) bytes") }
    guard let head = String(validating: body[start..<max(headEnd, start)], as: UTF8.self) else {
      throw MultipartFault("the head of a part of the form is not UTF-8")
    }
    let lines = head.split(separator: "\r\n")
    let disposition = lines.first { $0.lowercased().hasPrefix("content-disposition:") }
    guard let disposition, let name = parameter("name", of: disposition) else {
      throw MultipartFault("a part of the form has no name")
    }
    return Part(
      name: name, fileName: parameter("filename", of: disposition), content: body[min(headEnd + 4, end)..<end])
  }

  private static func boundary(in contentType: String) throws(MultipartFault) -> String {
    guard contentType.lowercased().hasPrefix("multipart/form-data") else {
      throw MultipartFault("expected Content-Type multipart/form-data, got \(contentType.quoted)")
    }
    guard let boundary = parameter("boundary", of: contentType[...]), !boundary.isEmpty,
      boundary.utf8.count <= boundaryBytesMax
    else { throw MultipartFault("the Content-Type names no boundary of 1 to \(boundaryBytesMax) bytes") }
    return boundary
  }

  /// The value of `name=value` or `name="value"` behind a semicolon.
  private static func parameter(_ name: String, of field: Substring) -> String? {
    for piece in pieces(of: field).dropFirst() {
      guard let equals = piece.firstIndex(of: "="), trimmed(piece[..<equals]).lowercased() == name else { continue }
      let value = trimmed(piece[piece.index(after: equals)...])
      guard value.count >= 2, value.first == "\"", value.last == "\"" else { return String(value) }
      return String(value.dropFirst().dropLast()).replacing("\\\"", with: "\"").replacing("%22", with: "\"")
    }
    return nil
  }

  /// Cut at semicolons outside quotation marks.
  private static func pieces(of field: Substring) -> [Substring] {
    var (isQuoted, isEscaped) = (false, false)
    return field.split(omittingEmptySubsequences: false) { character in
      defer { isEscaped = character == "\\" && isQuoted && !isEscaped }
      if character == "\"", !isEscaped { isQuoted.toggle() }
      return character == ";" && !isQuoted
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }

  /// Where `pattern` begins; `nil` when it does not. In one pass, whatever both hold (Knuth, Morris and Pratt 1977): comparing anew at
  /// each place takes a second for a form of dashes.
  private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard !pattern.isEmpty, start >= 0 else { return nil }
    // How much of the pattern's beginning is also the end of its first 1, 2, … bytes.
    var borders = [0]
    for byte in pattern.dropFirst() {
      borders.append(advanced(borders[borders.count - 1], by: byte, pattern, borders))
    }
    return bytes.withUnsafeBufferPointer { bytes in
      var matched = 0
      var place = start
      while place < bytes.count {
        matched = advanced(matched, by: bytes[place], pattern, borders)
        place += 1
        if matched == pattern.count { return place - matched }
      }
      return nil
    }
  }

  /// How many bytes of `pattern` match up to and with `byte`, after `matched` of them matched before it.
  private static func advanced(_ matched: Int, by byte: UInt8, _ pattern: [UInt8], _ borders: [Int]) -> Int {
    var length = matched
    while length > 0, pattern[length] != byte { length = borders[length - 1] }
    return pattern[length] == byte ? length + 1 : 0
  }
}

/// What is wrong with a `multipart/form-data` body. One sentence.
public struct MultipartFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was expected and what came.
  public var description: String

  init(_ description: String) { self.description = description }
}
