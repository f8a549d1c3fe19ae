import CPostgres
import CallDriver
import JSON

/// A statement with its parameters.
struct PostgresStatement: Sendable {
  /// Under which the server keeps the plan of `sql` for the connection; empty for a statement that is used once.
  let name: String
  /// With `$1`, `$2` … where values go.
  let sql: String
  /// As many as `sql` has places.
  let values: [PostgresValue]
  /// Whether its rows come in PostgreSQL's binary form, which is right for bytes.
  let wantsBinary: Bool

  /// - Parameters:
  ///   - name: the same name must always have the same `sql`.
  init(_ name: String, _ sql: String, _ values: [PostgresValue] = [], wantsBinary: Bool = false) {
    self.name = name
    self.sql = sql
    self.values = values
    self.wantsBinary = wantsBinary
  }

  /// A statement that is used once.
  init(once sql: String, _ values: [PostgresValue] = []) { self.init("", sql, values) }

  static let begin = PostgresStatement("begin", "BEGIN")
  static let commit = PostgresStatement("commit", "COMMIT")
  static let rollback = PostgresStatement("rollback", "ROLLBACK")
}

/// A parameter of a statement. It never becomes part of the statement's text.
enum PostgresValue: Sendable {
  /// Text. PostgreSQL's text takes no NUL: each becomes U+FFFD, as unreadable characters do elsewhere.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// True or false.
  case flag(Bool)
  /// JSON in UTF-8 without white space between its parts, as `JSONWriter` writes it; NULs in its texts become U+FFFD.
  case json([UInt8])
  /// Bytes as they are.
  case bytes([UInt8])
  /// Nothing.
  case null

  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// libpq's words for it: text is written with a NUL behind it.
  var format: Int32 { if case .bytes = self { 1 } else { 0 } }

  /// - Returns: the value's bytes; `nil` for `.null`.
  var encoded: [UInt8]? {
    switch self {
    case .text(let text): Self.withoutNUL(text) + [0]
    case .integer(let number): Array("\(number)".utf8) + [0]
    case .flag(let flag): [UInt8(ascii: flag ? "t" : "f"), 0]
    case .json(let json): Self.withoutEscapedNUL(json) + [0]
    case .bytes(let bytes): bytes
    case .null: nil
    }
  }

  /// Memory that it holds, about.
  var byteCount: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .json(let bytes), .bytes(let bytes): bytes.count
    case .integer, .flag, .null: 8
    }
  }

  private static func withoutNUL(_ text: String) -> [UInt8] {
    guard text.utf8.contains(0) else { return Array(text.utf8) }
    return text.utf8.flatMap { $0 == 0 ? replacement : [$0] }
  }

  /// JSON has every NUL written as `\u0000`, which jsonb refuses. A backslash that is itself escaped begins nothing.
  private static func withoutEscapedNUL(_ json: [UInt8]) -> [UInt8] {
    let escape = Array("\\u0000".utf8)
    var result: [UInt8]?
    var (start, index) = (0, 0)
    while index < json.count {
      guard json[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      if json[index...].starts(with: escape) {
        result = (result ?? []) + json[start..<index] + replacement
        index += escape.count
        start = index
      } else {
        index += 2
      }
    }
    return result.map { $0 + json[start...] } ?? json
  }
}

/// What a statement gave back.
final class PostgresRows {
  private let result: OpaquePointer

  /// - Parameter result: of libpq; owned from now on.
  init(_ result: OpaquePointer) { self.result = result }

  deinit { PQclear(result) }

  /// Rows.
  var count: Int { Int(PQntuples(result)) }

  /// Whether there is nothing in a field.
  func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(result, Int32(row), Int32(column)) == 1 }

  /// The bytes of a field as they came; empty for NULL.
  func bytes(_ row: Int, _ column: Int) -> [UInt8] {
    guard let start = PQgetvalue(result, Int32(row), Int32(column)) else { return [] }
    let count = Int(PQgetlength(result, Int32(row), Int32(column)))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// A text; empty for NULL.
  func text(_ row: Int, _ column: Int) -> String { String(decoding: bytes(row, column), as: UTF8.self) }

  /// A whole number; `nil` for NULL and for anything else.
  func integer(_ row: Int, _ column: Int) -> Int? { isNull(row, column) ? nil : Int(text(row, column)) }

  /// The sum of the first column.
  var sum: Int { (0..<count).reduce(0) { $0 + (integer($1, 0) ?? 0) } }

  /// Whether a field is true.
  func flag(_ row: Int, _ column: Int) -> Bool { text(row, column) == "t" }

  /// One value for each row.
  /// - Parameters:
  ///   - what: what a row holds, for people.
  ///   - isSecret: whether nobody may see what stands there: the fault of what cannot be read quotes it.
  ///   - max: rows that are read.
  func values<Value>(
    _ what: String, isSecret: Bool = false, max: Int = .max, _ read: (_ row: Int) throws(WireFault) -> Value
  ) throws(StoreError) -> [Value] {
    do throws(WireFault) {
      return try (0..<min(count, max)).map(read)
    } catch {
      throw .unavailable("\(what) in the database cannot be read" + (isSecret ? "" : ": \(error)"))
    }
  }
}
