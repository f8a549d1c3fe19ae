import Foundation
import JSON
import Testing

/// Folders as they come about: flows beside cases, what editors and other systems leave behind, and names in other encodings.
@Suite("Files of a folder")
struct FolderFileTests {
  private static let flow = """
    states:
      ask: {collect: words, as: text, ask: What is it?, next: bye}
      bye: {end: heard, say: Goodbye.}
    """
  private static let test = """
    flow: menu
    turns:
      - say: A lamp, please.
        expect: {state: bye}
    """

  /// A flow `menu` and a case `lamp` side by side, among what is neither.
  private static func folder() throws -> Scratch {
    let scratch = try Scratch()
    for (name, text) in [
      ("menu.yaml", flow), ("lamp.yaml", test), (".#menu.yaml", "not: a flow"), ("._lamp.yaml", "\u{0}\u{5}\u{16}"),
      ("notes.txt", "none"),
    ] { _ = try scratch.write(text, to: name) }
    // caf<E9>.yaml in Latin-1: no API of texts can name it.
    var path = Array(scratch.path.utf8CString.dropLast()) + Array("/caf".utf8CString.dropLast())
    path += [CChar(bitPattern: 0xE9)] + Array(".yaml".utf8CString)
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
    return scratch
  }

  @Test("Flows and cases lie in one folder; hidden files are left out, and a name that is not UTF-8 is told")
  func sideBySide() async throws {
    let scratch = try Self.folder()
    let ended = try await Command(["simulate", ".", "--flows", ".", "--text", "--json"], folder: scratch)
      .end(within: .seconds(40))
    #expect(ended.status == 0, "\(ended)")
    #expect(try JSONValue(parsing: ended.output).text(at: "cases.0.id") == "lamp")
    let told = ended.errors.components(separatedBy: ".yaml is left out: its name is not UTF-8; rename it")
    #expect(told.count == 2, "once, though flows and cases are looked for there: \(ended.errors)")
    #expect(!ended.errors.contains(".#menu") && !ended.errors.contains("._lamp"))
  }

  @Test("The flows of such a folder are checked without its cases")
  func flowCheck() async throws {
    let ended = try await Command(["flow", "check", "."], folder: try Self.folder()).end(within: .seconds(20))
    #expect(ended.status == 0, "\(ended)")
  }

  @Test("A pattern leaves out hidden files and flows")
  func pattern() async throws {
    let ended = try await Command(["simulate", "*.yaml", "--flows", ".", "--text"], folder: try Self.folder())
      .end(within: .seconds(40))
    #expect(ended.status == 0 && ended.output.contains("1 passed"), "\(ended)")
  }

  @Test("Without a home, a voice of eSpeak NG says nothing of sound servers")
  func noHome() async throws {
    let scratch = try Scratch()
    let ended = try await Command(
      ["-c", "unset HOME XDG_RUNTIME_DIR; exec \"$program\" say Hello. --voice espeak:en-us --output hello.wav"],
      environment: ["program": VoiceForgeBinary.url.path()], program: URL(filePath: "/bin/sh"), folder: scratch
    ).end(within: .seconds(20))
    #expect(ended.status == 0, "\(ended)")
    #expect(ended.errors.split(separator: "\n").count == 1 && ended.errors.contains("of speech"), "\(ended.errors)")
  }

  @Test("`flow run --set today=` takes a day")
  func today() async throws {
    let scratch = try Self.folder()
    let ended = try await Command(["flow", "run", "menu.yaml", "--set", "today=tomorrow"], folder: scratch)
      .end(within: .seconds(20))
    #expect(ended.status == 2 && ended.errors.contains("takes a day such as 2026-03-02, not tomorrow"), "\(ended)")
  }

  @Test("Attempts in which nothing is drawn are one line, and all of them stand in the report")
  func alikeAttempts() async throws {
    let scratch = try Self.folder()
    let shown = try await Command(
      ["simulate", "lamp.yaml", "--flows", ".", "--text", "--repeat", "20"], folder: scratch
    )
    .end(within: .seconds(40))
    #expect(shown.status == 0 && shown.output.contains("lamp (20 attempts alike)"), "\(shown)")
    #expect(shown.output.contains("lamp: 20 attempts came out alike: nothing in it is drawn from the seed"))
    #expect(!shown.output.contains("attempt 2 of 20") && shown.output.contains("20 passed"))
    let document = try await Command(
      ["simulate", "lamp.yaml", "--flows", ".", "--text", "--repeat", "20", "--json"], folder: scratch
    ).end(within: .seconds(40))
    #expect(try JSONValue(parsing: document.output).text(at: "cases.19.attempt") == "20")
  }
}
