import Foundation
import Testing

@Suite("Golden files of what is stored")
struct StoredShapeTests {
  private static func bytes(_ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: StoredShape.folder.appending(path: file)))
  }

  @Test("what is stored is written as ever (`make golden` writes it anew)", arguments: StoredShape.all)
  func written(shape: StoredShape) throws {
    let bytes = shape.written()
    if ProcessInfo.processInfo.environment["VOICEFORGE_GOLDEN"] == "write" {
      try Data(bytes).write(to: StoredShape.folder.appending(path: shape.file))
    }
    #expect(try bytes == Self.bytes(shape.file), "keep a line without the new members in \(shape.olderFile)")
  }

  @Test(
    "what stands in a golden file is read as it was meant, and written again byte for byte", arguments: StoredShape.all)
  func read(shape: StoredShape) throws {
    let golden = try Self.bytes(shape.file)
    #expect(try shape.isSame(golden, false))
    #expect(try shape.rewritten(golden) == golden)
  }

  @Test(
    "what an older version wrote lacks members, which get their defaults, and is then as new",
    arguments: StoredShape.all.filter(\.hasOlder))
  func older(shape: StoredShape) throws {
    let old = try Self.bytes(shape.olderFile)
    #expect(try shape.isSame(old, true))
    let new = try shape.rewritten(old)
    #expect(new != old)
    #expect(try shape.isSame(new, true))
  }

  @Test("every form that is stored has a golden file, every golden file a form, and all are small")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: StoredShape.folder.path())
    let expected = StoredShape.all.map(\.file) + StoredShape.all.filter(\.hasOlder).map(\.olderFile)
    #expect(files.sorted() == expected.sorted())
    #expect(try files.reduce(0) { try $0 + Self.bytes($1).count } < 60_000)
    let writers = try Self.writers()
    #expect(writers.count >= 10)
    let known = Set(StoredShape.all.map(\.writer))
    #expect(writers.subtracting(known).isEmpty, "add them to StoredShape.all")
  }

  /// Functions that write what is stored: those of types named `…Archive`, and documents in their folder.
  private static func writers() throws -> Set<String> {
    let sources = folder("Sources")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path()).filter { $0.hasSuffix(".swift") }
    var writers: Set<String> = []
    for path in paths {
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      for part in text.split(separator: "\npublic ").map(String.init) {
        if let type = part.firstMatch(of: /^enum (\w+Archive)\b/)?.1 {
          writers.formUnion(part.matches(of: /\n  public static func (\w+)\(of\b/).map { "\(type).\($0.1)" })
        } else if path.hasPrefix("Formats/Archive/"),
          let type = part.firstMatch(of: /^struct (\w+): [^{]*JSONDocument/)?.1
        {
          writers.insert("\(type).json")
        }
      }
    }
    return writers
  }

  private static func folder(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../\(name)").standardizedFileURL
  }
}
