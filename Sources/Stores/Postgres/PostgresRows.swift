import CPostgres

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

  /// Whether a field is true.
  func flag(_ row: Int, _ column: Int) -> Bool { text(row, column) == "t" }
}
