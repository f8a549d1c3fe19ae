import Glibc

/// Which program a child is, and what it is told at its start.
public struct ChildExecutable: Sendable, Hashable {
  /// Path of the program.
  public var path: String
  /// Behind the program's name. Everybody on the machine can read them.
  public var arguments: [String]

  /// - Parameters:
  ///   - path: of the program; `thisProgram` for the one that runs now.
  ///   - arguments: behind the program's name.
  public init(path: String, arguments: [String]) {
    self.path = path
    self.arguments = arguments
  }

  /// The program that runs now, also when another file was put in its place since.
  public static let thisProgram = "/proc/self/exe"

  /// The file `name` in the folder of the program that runs now; nil where `/proc` is missing.
  public static func beside(_ name: String) -> String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(thisProgram, &path, path.count)
    guard count > 0, count < path.count else { return nil }
    let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return own.lastIndex(of: "/").map { "\(own[...$0])\(name)" }
  }
}
