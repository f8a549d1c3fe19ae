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

/// A regular expression of a flow or a case, compiled once. It is searched without regard to case; `\w`, `\d` and `\b` are ASCII.
public struct CompiledPattern: Sendable {
  /// As it was written, without slashes.
  public let source: String
  private let compiled: Result<CompiledExpression, ExpressionFault>

  /// - Parameter source: any text; what cannot be used has a `fault`.
  public init(_ source: String) {
    self.source = source
    do throws(ExpressionFault) { compiled = .success(try CompiledExpression(source, .foldsCase)) } catch {
      compiled = .failure(error)
    }
  }

  /// Why it cannot be used; `nil` when it can.
  public var fault: ExpressionFault? { if case .failure(let fault) = compiled { fault } else { nil } }

  /// Instructions of what was compiled; 0 for one that cannot be used.
  package var size: Int { stepsPerByte }

  /// Steps that a search takes at most for each byte of text; 0 for one that cannot be used.
  var stepsPerByte: Int { if case .success(let compiled) = compiled { compiled.stepsPerByte } else { 0 } }

  /// Whether it is found anywhere in the text: in its first 64 KiB, in time linear in it. One that cannot be used is found nowhere.
  public func isFound(in text: String) -> Bool {
    guard case .success(let compiled) = compiled else { return false }
    var text = text
    return text.withUTF8 { compiled.range(in: $0) != nil }
  }
}

extension CompiledPattern: Hashable {
  /// Same text.
  public static func == (left: CompiledPattern, right: CompiledPattern) -> Bool { left.source == right.source }

  /// By the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

extension CompiledPattern: ExpressibleByStringLiteral {
  /// As it is written, without slashes.
  public init(stringLiteral source: String) { self.init(source) }
}

/// Why a text is no regular expression that can be used here, and what to do.
public struct ExpressionFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// For the author of the file, such as "has look-around `(?=`: …".
  public let description: String

  /// Bytes of the piece that is shown.
  static let detailMax = 40

  init(_ status: ExpressionStatus, _ piece: String) {
    description =
      switch status {
      case ExpressionBadGroup: Self.group(piece)
      case ExpressionBadEscape: Self.escape(piece)
      case ExpressionBadRepetition: "has `\(piece)`: write one of `*`, `+` and `?`, or a group around the inner one"
      case ExpressionRepeatedTooOften: "repeats too often with `\(piece)`: at most 1,000 times, nested ones multiplied"
      case ExpressionTooLarge: "is too large: repeat less often with `{…}`, or make several of it"
      default: piece.isEmpty ? "is not a regular expression" : "is not a regular expression: look at `\(piece)`"
      }
  }

  private static func group(_ piece: String) -> String {
    switch piece.dropFirst(2).first {
    case "=", "!":
      "has look-ahead `\(piece)`, which there is not: list the words to hear, or put another intent before it"
    case "<":
      "has `\(piece)`: there is no look-behind, write the words themselves; a group needs no name, write `(…)`"
    case ">": "has an atomic group `\(piece)`, which there is not: write `(?:…)`"
    default: "has `\(piece)`, which there is not: write a plain group `(?:…)`"
    }
  }

  private static func escape(_ piece: String) -> String {
    let isReference = piece.dropFirst().first.map { $0.isNumber || $0 == "k" || $0 == "g" } ?? false
    return isReference
      ? "has the back-reference `\(piece)`, which there is not: write out what may be repeated"
      : "has `\(piece)`, which means nothing here: write the letters themselves"
  }
}
