import Testing

/// Each rule bites on what it forbids, and lets go what only looks like it.
@Suite("The rules, on planted violations")
struct PlantedViolationTests {
  func core(_ code: String) -> SourceFile { SourceFile("Sources/CallCore/Call/Planted.swift", code) }
  func server(_ code: String) -> SourceFile { SourceFile("Sources/CallServer/Planted.swift", code) }

  @Test(
    "forbidden imports",
    arguments: [
      ("CallCore", "import FoundationEssentials"), ("Wires", "public import CallDriver"),
      ("Formats", "import Foundation"), ("CallDriver", "import Engines"), ("Engines", "@preconcurrency import CYAML"),
      ("Stores", "import struct CallServer.Lines"), ("WebSockets", "import CallCore"), ("CallServer", "import Engines"),
      ("CallServer", "import Stores"), ("voiceforge", "import CYAML"), ("Unheard", "import CallCore"),
      ("CallServer", "import CallCore\nimport\n  Engines"),
    ])
  func forbiddenImport(moduleName: String, code: String) throws {
    let violations = AllowedImports.violations(in: SourceFile("Sources/\(moduleName)/Planted.swift", code))
    #expect(violations.count == 1)
    let line = code.split(separator: "\n").count
    #expect(
      try #require(violations.first).description.hasPrefix("Sources/\(moduleName)/Planted.swift:\(line): imports "))
  }

  @Test(
    "allowed imports",
    arguments: [
      ("Formats", "public import CallCore\nimport CYAML"), ("CallServer", "import struct CallCore.Key"),
      ("CallCore", "// import Glibc\n/* import Glibc /* import Yams */ import Glibc */ let text = \"import Glibc\""),
      ("voiceforge", "import ArgumentParser"),
    ])
  func allowedImport(moduleName: String, code: String) {
    #expect(AllowedImports.violations(in: SourceFile("Sources/\(moduleName)/Planted.swift", code)).isEmpty)
  }

  @Test(
    "what the core may not do",
    arguments: [
      "let now = Date()", "let now = ContinuousClock.now", "Int.random(in: 0..<3)", "list.shuffled()",
      "list.randomElement()", "print(\"heard\")", "Task { }", "try await Task.sleep(for: .seconds(1))", "usleep(5)",
      "let text = \"it is \\(Date())\"", "Foundation.exit(1)", "var generator = SystemRandomNumberGenerator()",
    ])
  func core(code: String) { #expect(!ForbiddenCalls.inCore(core(code)).isEmpty) }

  @Test(
    "what the core may do",
    arguments: [
      "Int.random(in: 0..<(3 + 1), using: &generator)", "list.shuffled(using: &luck)", "let at: ClockReading",
      "// print the Date", "case tasks", "func note(print: Bool)", "let text = #\"print(\\(Date()))\"#",
    ])
  func coreIsFree(code: String) { #expect(ForbiddenCalls.inCore(core(code)).isEmpty) }

  @Test("the rules of the core are the core's alone")
  func onlyCore() { #expect(ForbiddenCalls.inCore(server("print(Date())")).isEmpty) }

  @Test("printing that loses errors", arguments: ["print(\"heard\")", "if json { dump(call) }", "fputs(text, file)"])
  func printing(code: String) { #expect(!ForbiddenCalls.printing(server(code)).isEmpty) }

  @Test(
    "what only looks like it",
    arguments: [
      "// print(text)", "func print(_ text: String)", "page.print()", "let print = true", "note(print: text)",
    ])
  func noPrinting(code: String) { #expect(ForbiddenCalls.printing(server(code)).isEmpty) }

  @Test(
    "lost errors and undone work",
    arguments: [
      "let size = try? file.size", "do { try work() } catch {}", "do { try work() } catch let error as Wrong {\n}",
      "do { try work() } catch { /* never mind */ }", "// TO" + "DO: more", "fatalError(\"TO" + "DO\")",
      "/// FIX" + "ME later", "let HA" + "CK = 1", "let text = \"\\(try? f())\"",
    ])
  func lost(code: String) { #expect(ForbiddenCalls.inSources(server(code)).count == 1) }

  @Test(
    "errors that are minded",
    arguments: [
      "do { try work() } catch { return nil }", "let text = \"try? it\"", "// try? is forbidden", "try work()",
      "case .todo: HACKATHON", "let x = try a ? b : c",
    ])
  func minded(code: String) { #expect(ForbiddenCalls.inSources(server(code)).isEmpty) }

  @Test(
    "numbers of peers without a bound",
    arguments: [
      "at = try fields.number(\"atUs\", 0...Int.max)", "fields.optionalNumber(name, Int.min...Int.max).map { $0 + 1 }",
      "let stamp = UInt64(littleEndian: bytes.load(as: UInt64.self))", "Int((seconds * 1000).rounded())",
      "let text = \"\\(Int64(share.rounded(.up)))\"", "try fields.storedNumber(\"at\", from: 0)",
      "calls = try fields.number(\"calls\")", "try fields.exactSpan(\"durationUs\")",
    ])
  func unbounded(code: String) { #expect(WireNumbers.unbounded(server(code)).count == 1) }

  @Test(
    "numbers of peers with a bound",
    arguments: [
      "try fields.number(\"atUs\", 0...WireLimits.wholeNumberMax)", "fields.optionalSeed(\"seed\", 0...Int.max)",
      "UInt32(littleEndian: bytes.load(as: UInt32.self))", "Int(nearest: seconds * 1000)", "seconds.rounded()",
      "func number(_ name: String, _ range: ClosedRange<Int> = 0...Int.max) -> Int", "// Int(x.rounded())",
    ])
  func bounded(code: String) { #expect(WireNumbers.unbounded(server(code)).isEmpty) }

  @Test(
    "limits of texts in characters",
    arguments: [
      "value.prefix(FlowMachine.valueMax)", "guard text.count <= Self.charactersMax else { return }",
      "if (name.count > nameMax) {}", "word.prefix(sentenceMax)", "text.count < WireLimits.textCharactersMax",
    ])
  func charactersCounted(code: String) { #expect(TextBounds.ofCharacters(server(code)).count == 1) }

  @Test(
    "limits of texts in scalars and bytes, and limits of other things",
    arguments: [
      "value.bounded(to: FlowMachine.valueMax)", "text.utf8.count <= charactersMax",
      "text.unicodeScalars.prefix(textMax)", "entries.count < entriesMax", "items.prefix(FlowLimits.branchesMax)",
      "text.scalarCount <= charactersMax",
    ])
  func scalarsCounted(code: String) { #expect(TextBounds.ofCharacters(server(code)).isEmpty) }

  @Test("what the program itself stored is read whole, and only there")
  func stored() {
    for code in ["fields.storedNumber(\"at\", from: 0)", "fields.number(\"turns\")", "fields.exactSpan(\"at\")"] {
      #expect(WireNumbers.unbounded(SourceFile("Sources/Formats/Archive/Call.swift", code)).isEmpty)
      #expect(WireNumbers.unbounded(SourceFile("Sources/Formats/Rest/Call.swift", code)).count == 1)
    }
  }

  @Test("the border itself reads 64 bits, and engines round as they like")
  func border() {
    let read = "UInt64(littleEndian: raw)"
    #expect(WireNumbers.unbounded(SourceFile("Sources/Wires/Native/AudioPacketHeader.swift", read)).isEmpty)
    #expect(WireNumbers.unbounded(SourceFile("Sources/Wires/Other.swift", read)).count == 1)
    #expect(WireNumbers.unbounded(SourceFile("Sources/Engines/Voice.swift", "Int(pitch.rounded())")).isEmpty)
  }

  @Test("@testable in sources and tests")
  func testable() {
    for path in ["Sources/CallCore/A.swift", "Tests/CallCoreTests/A.swift"] {
      #expect(ForbiddenCalls.testable(SourceFile(path, "@testable import CallCore")).count == 1)
      #expect(ForbiddenCalls.testable(SourceFile(path, "// @testable\nlet testable = \"@testable\"")).isEmpty)
    }
  }

  @Test("the environment")
  func environment() {
    let reads = ["getenv(\"HOME\")", "ProcessInfo.processInfo.environment[\"HOME\"]"]
    for read in reads {
      #expect(ForbiddenCalls.environment(server(read)).count == 1)
      #expect(ForbiddenCalls.environment(SourceFile("Sources/voiceforge/Settings.swift", read)).isEmpty)
    }
    #expect(ForbiddenCalls.environment(server("init(environment: [String: String])")).isEmpty)
    #expect(ForbiddenCalls.environment(server("settings.environment[\"HOME\"]")).isEmpty)
  }

  @Test(
    "names of a private language",
    arguments: [
      "struct SpeechDesk {", "final class Doorkeeper {", "enum FlowTrial: Sendable {", "protocol CallPlacer {",
    ])
  func typeNames(code: String) { #expect(TypeNames.metaphors(in: server(code)).count == 1) }

  @Test(
    "names of the field",
    arguments: [
      "struct SpeechScheduler {", "let desk: Desk", "// a struct Desk", "struct Bookings {", "struct Deskbound {",
    ])
  func fieldNames(code: String) { #expect(TypeNames.metaphors(in: server(code)).isEmpty) }

  @Test("sleeps")
  func sleeps() {
    for code in ["usleep(1)", "try await Task.sleep(for: .seconds(1))", "Thread.sleep(forTimeInterval: 1)"] {
      #expect(ForbiddenCalls.sleeps(SourceFile("Tests/CallCoreTests/A.swift", code)).count == 1)
      #expect(ForbiddenCalls.sleeps(SourceFile("Tests/ServerTests/A.swift", code)).isEmpty)
    }
    #expect(ForbiddenCalls.sleeps(SourceFile("Tests/CallCoreTests/A.swift", "@Test(\"nobody sleeps\")")).isEmpty)
  }

  @Test("paths of one machine")
  func paths() {
    for root in ["work", "root", "tmp/bash_jobs"] {
      for line in ["let path = \"/\(root)/x\"", "/\(root)/x", "see /\(root)/x", "see web/\(root)/x and /\(root)/x"] {
        #expect(MachinePaths.violations(in: SourceFile("Makefile", "all:\n\(line)\n")).map(\.line) == [2], "\(line)")
      }
    }
    for line in ["web/wo" + "rk/x", "/worker/", "/home/root/x", "/tmp/x", "${HOME}/root/x"] {
      #expect(MachinePaths.violations(in: SourceFile("Makefile", line)).isEmpty, "\(line)")
    }
  }

  @Test("long files")
  func longFiles() {
    func file(_ lines: Int) -> SourceFile { core(String(repeating: "\n", count: lines)) }
    #expect(Sizes.longFiles([file(500)]).isEmpty)
    #expect(Sizes.longFiles([file(501), file(3)]).map(\.message) == ["501 lines; at most 500"])
    #expect(core("a\nb").lineCount == 2)
    #expect(core("a\nb\n").lineCount == 2)
  }

  @Test("slices")
  func slices() {
    func file(_ lines: Int) -> SourceFile { core(String(repeating: "// a\n\n  let a = 1\n", count: lines)) }
    #expect(Sizes.slices([file(20), file(21), file(1)]).map(\.lineCount) == [60, 3])
  }

  @Test("percentiles")
  func percentiles() {
    #expect(Sizes.percentile(50, of: [3, 1, 2]) == 2)
    #expect(Sizes.percentile(50, of: [4, 1, 2, 3]) == 2)
    #expect(Sizes.percentile(95, of: Array(1...100)) == 95)
    #expect(Sizes.percentile(95, of: [7]) == 7)
    #expect(Sizes.percentile(95, of: []) == 0)
  }

  @Test("long functions, with braces and texts that mislead")
  func longFunctions() {
    func function(_ lines: Int) -> SourceFile {
      core(
        "protocol P { func a() -> Int\n  func b() }\nstruct S {\n  func long(_ text: String = \"}\") {\n"
          + String(repeating: "    // }\n", count: lines - 2) + "  }\n  func short() {}\n}\n")
    }
    #expect(Sizes.longFunctions([function(70)]).isEmpty)
    let found = Sizes.longFunctions([function(71)])
    #expect(found.map(\.description) == ["Sources/CallCore/Call/Planted.swift:4: long has 71 lines; at most 70"])
  }

  @Test("every kind of body is found, and only bodies")
  func bodies() {
    let code = """
      protocol P { var p: Int { get }; func none(_ f: () -> Void) ; init(x: Int) }
      struct S: P {
        var p: Int {
          1
        }
        var plain = [1, 2].map { $0 + 1 }
        let other: Int
        init(x: Int) { other = x }
        init(y: Int = { 3 }()) { self.init(x: y) }
        subscript(i: Int) -> Int {

          i
        }
        static func == (a: S, b: S) -> Bool { a.p == b.p }
        func text() -> String { "\\([1].map { "}\\($0){" })" }
        func with<T: P>(_ t: T) -> T where T: P {
          let f = { t }
          return f()
        }
        deinit {}
      }
      """
    let found = FunctionScanner.functions(in: core(code).tokens)
    #expect(found.map(\.name) == ["p", "p", "init", "init", "subscript", "=", "text", "with", "deinit"])
    #expect(found.map(\.lineCount) == [1, 3, 1, 1, 4, 1, 1, 4, 1])
  }

  @Test("strangers at the top")
  func topLevel() {
    #expect(
      TopLevel.strangers(in: ["README.md", "docs/a.md", "docs/b.md", ".github/ci.yml", "Sources/a", "notes.txt"])
        == ["docs", "notes.txt"])
  }
}
