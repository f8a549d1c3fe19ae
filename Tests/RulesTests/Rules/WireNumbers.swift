/// Numbers that a peer chose are bounded where they come in, so that plain arithmetic behind the border never
/// overflows: Swift ends the process where it does.
///
/// A rule that reads tokens cannot follow a number on its way. It looks at the three places where such numbers come in, and lets none
/// of them through without a bound:
/// - a member of JSON that is read with `Int.max` or `Int.min` as its limit (`WireLimits.wholeNumberMax` instead; seeds, with which nobody
///   calculates, by `optionalSeed`; what the program itself stored, by `storedNumber`),
/// - 64 bits out of a binary message or file, which nothing but `AudioPacketHeader` reads, with its own limit; 32 bits are harmless in an
///   `Int`,
/// - floating point that becomes a whole number by `Int(….rounded())` (`Int(nearest:)` instead).
enum WireNumbers {
  /// Modules that take numbers from outside.
  private static let modules: Set = [
    "JSON", "Wires", "Formats", "CallServer", "CallClient", "LoadTest", "RemoteServices", "Stores",
  ]
  /// Define the border, and keep it.
  private static let borders: Set = [
    "Sources/Formats/Archive/JSONFields+Archive.swift", "Sources/JSON/JSONFields.swift",
    "Sources/Wires/Native/AudioPacketHeader.swift",
  ]
  private static let readers: Set = ["number", "optionalNumber"]
  /// Read any 64 bits, and belong to what the program itself stored.
  private static let unlimited: Set = ["storedNumber", "exactSpan", "optionalSpan"]
  private static let storage = "Sources/Formats/Archive/"
  private static let wide: Set = ["Int64", "UInt64"]
  private static let wholes: Set = ["Int", "Int32", "Int64", "UInt", "UInt32", "UInt64"]

  static func unbounded(_ file: SourceFile) -> [Violation] {
    guard file.isSource, modules.contains(file.moduleName ?? ""), !borders.contains(file.path) else { return [] }
    let tokens = file.tokens
    return tokens.indices.compactMap { index in
      guard let fault = fault(at: index, in: tokens) ?? unstored(at: index, in: tokens, of: file) else { return nil }
      return Violation(file, line: tokens[index].line, fault)
    }
  }

  private static func fault(at index: Int, in tokens: [Token]) -> String? {
    let name = tokens[index].text
    let arguments = Array(Token.callArguments(after: index, in: tokens).dropFirst())  // without the parenthesis
    if readers.contains(name), isCall(index, in: tokens), hasLimitOfMachine(arguments) {
      return "\(name) without a bound: arithmetic with it may overflow"
    }
    if wide.contains(name), ["littleEndian", "bigEndian"].contains(arguments.first) {
      return "\(name) out of bytes without a bound: arithmetic with it may overflow"
    }
    if wholes.contains(name), arguments.contains("rounded"), arguments.first != "nearest" {
      return "\(name) of a rounded number: infinity and what is no number end the process; use Int(nearest:)"
    }
    return nil
  }

  /// A number of any size that is read outside of the archive: by a name that only stored members have, or without a range.
  private static func unstored(at index: Int, in tokens: [Token], of file: SourceFile) -> String? {
    guard !file.path.hasPrefix(storage), isCall(index, in: tokens) else { return nil }
    let name = tokens[index].text
    let arguments = Array(Token.callArguments(after: index, in: tokens).dropFirst())
    let isMember = index > 0 && tokens[index - 1].text == "." && arguments.first == "\""
    guard unlimited.contains(name) && !arguments.isEmpty || readers.contains(name) && isMember && arguments.count == 1
    else { return nil }
    return "\(name) reads any 64 bits, which is for what the program itself stored: give a range"
  }

  /// The definition of such a function may name any limit.
  private static func isCall(_ index: Int, in tokens: [Token]) -> Bool {
    index == 0 || tokens[index - 1].text != "func"
  }

  private static func hasLimitOfMachine(_ arguments: [String]) -> Bool {
    arguments.indices.dropFirst(2).contains {
      arguments[$0 - 2] == "Int" && arguments[$0 - 1] == "." && ["max", "min"].contains(arguments[$0])
    }
  }
}
