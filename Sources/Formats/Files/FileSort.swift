/// What a YAML file of a folder holds, where flows and test cases lie side by side.
public enum FileSort: Sendable, Equatable {
  /// A flow: it has `states`.
  case flow
  /// Test cases: it has `turns` or `cases`.
  case cases

  /// Most bytes of either.
  public static let bytesMax = max(FlowLimits.fileBytesMax, CaseLimits.fileBytesMax)

  /// - Parameter text: the file.
  /// - Returns: `nil` for one that is neither, both, or no YAML: whoever reads it says what is wrong.
  public init?(of text: String) {
    guard text.utf8.count <= Self.bytesMax else { return nil }
    let log = FileFaultLog(file: "")
    guard case .mapping(let fields) = YAMLFile.root(of: text, into: log, needs: "")?.content else { return nil }
    let keys = Set(fields.map(\.key))
    switch (keys.contains("states"), keys.contains("turns") || keys.contains("cases")) {
    case (true, false): self = .flow
    case (false, true): self = .cases
    default: return nil
    }
  }
}
