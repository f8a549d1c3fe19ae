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
