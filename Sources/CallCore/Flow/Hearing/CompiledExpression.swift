import CExpressions

/// An expression compiled by RE2: the time of a search is linear in the text, whatever the expression.
///
/// Unchecked: what it points to never changes, and RE2 may search in it on several threads at once.
final class CompiledExpression: @unchecked Sendable {
  private let compiled: OpaquePointer
  /// Steps that a search takes at most for each byte of text.
  let stepsPerByte: Int

  struct Options: OptionSet {
    let rawValue: UInt32
    /// Without regard to case.
    static let foldsCase = Options(rawValue: ExpressionFoldsCase.rawValue)
    /// For texts and expressions of ASCII alone.
    static let byBytes = Options(rawValue: ExpressionByBytes.rawValue)
    /// Prepares `mayMatch`.
    static let filtered = Options(rawValue: ExpressionFiltered.rawValue)
  }

  init(_ source: String, _ options: Options) throws(ExpressionFault) {
    var status = ExpressionFine
    var source = source
    let (made, detail): (OpaquePointer?, String) = source.withUTF8 { bytes in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: ExpressionFault.detailMax) { detail in
        let made = bytes.withMemoryRebound(to: CChar.self) { bytes in
          expression_create(
            bytes.baseAddress, bytes.count, Int32(options.rawValue), &status, detail.baseAddress, detail.count)
        }
        let piece = detail.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return (made, String(decoding: piece, as: UTF8.self))
      }
    }
    guard let made else { throw ExpressionFault(status, detail) }
    compiled = made
    stepsPerByte = expression_size(made)
  }

  deinit { expression_free(compiled) }

  /// Where it stands first in the UTF-8 text.
  func range(in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    text.withMemoryRebound(to: CChar.self) { text in
      // An empty text has no address, and RE2 tells "nowhere" from "nothing at the beginning" by one.
      guard let start = text.baseAddress else { return "".withCString { range(at: $0, length: 0) } }
      return range(at: start, length: text.count)
    }
  }

  private func range(at start: UnsafePointer<CChar>, length: Int) -> Range<Int>? {
    var (begin, end) = (0, 0)
    return expression_find(compiled, start, length, &begin, &end) ? begin..<end : nil
  }

  /// False where the text lacks words without which there is no match.
  /// - Parameter steps: gets what the answer cost added.
  func mayMatch(_ letters: LetterTable, steps: inout Int) -> Bool {
    guard let table = letters.table else { return true }
    var cost = 0
    let may = expression_may_match(compiled, table, &cost)
    steps += cost
    return may
  }
}

/// Which letters stand beside each other in a text: tells at once of most expressions that they are not found.
final class LetterTable {
  fileprivate let table: OpaquePointer?

  init(_ text: [UInt8]) {
    table = text.withUnsafeBytes { bytes in
      letters_create(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }

  deinit { letters_free(table) }
}
