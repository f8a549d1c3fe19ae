import Testing

@Suite("The rules, on this repository")
struct RepositoryTests {
  func report(_ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation) {
    for violation in violations { Issue.record("\(violation)", sourceLocation: sourceLocation) }
  }

  @Test("the scan found the repository")
  func found() {
    #expect(Repository.sources.count > 200)
    #expect(Repository.tests.count > 30)
    #expect(Set(Repository.sources.compactMap(\.moduleName)).isSuperset(of: AllowedImports.table.keys))
  }

  @Test("no module imports what is not in the table")
  func imports() { report(Repository.sources.flatMap(AllowedImports.violations)) }

  @Test("the table of ARCHITECTURE.md names the modules that the rule knows, and each is a target")
  func table() {
    let rows = Repository.text("Sources/ARCHITECTURE.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
    let named = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
    #expect(Set(named.filter { !$0.contains("/") }) == Set(AllowedImports.table.keys))
    let package = Repository.text("Package.swift")
    for moduleName in AllowedImports.table.keys {
      #expect(package.contains("\"\(moduleName)\""), "\(moduleName) is no target")
    }
  }

  @Test("a folder of Sources is a module, or a C module without Swift")
  func folders() {
    let strangers = Repository.sources.filter { !AllowedImports.table.keys.contains($0.moduleName ?? "") }.map(\.path)
    #expect(strangers.isEmpty)
  }

  @Test("the core asks nobody for time, chance or a word with the user")
  func core() { report(Repository.sources.flatMap(ForbiddenCalls.inCore)) }

  @Test("no error is lost, and no work is left for nobody")
  func sources() { report(Repository.sources.flatMap(ForbiddenCalls.inSources)) }

  @Test("no number of a peer comes in without a bound")
  func wireNumbers() { report(Repository.sources.flatMap(WireNumbers.unbounded)) }

  @Test("a limit of a text counts scalars or bytes, not characters")
  func textBounds() { report(Repository.sources.flatMap(TextBounds.ofCharacters)) }

  @Test("types have names of their field, not of a private language")
  func typeNames() { report((Repository.sources + Repository.tests).flatMap(TypeNames.metaphors)) }

  @Test("tests see what users see")
  func testable() { report((Repository.sources + Repository.tests).flatMap(ForbiddenCalls.testable)) }

  @Test("only the command line reads the environment")
  func environment() { report(Repository.sources.flatMap(ForbiddenCalls.environment)) }

  @Test("what is printed goes through what notices that it was not")
  func printing() { report(Repository.sources.flatMap(ForbiddenCalls.printing)) }

  @Test("unit tests do not wait")
  func sleeps() { report(Repository.tests.flatMap(ForbiddenCalls.sleeps)) }

  @Test("nothing depends on the machine that it was written on")
  func paths() { report(Repository.files.flatMap(MachinePaths.violations)) }

  @Test("files are short", arguments: ["Sources", "Tests"])
  func fileSizes(folder: String) {
    let files = Repository.swiftFiles(in: folder)
    report(Sizes.longFiles(files))
    let lines = files.map(\.lineCount)
    #expect(Sizes.percentile(50, of: lines) <= Sizes.fileLinesMedian)
    #expect(Sizes.percentile(95, of: lines) <= Sizes.fileLines95)
  }

  @Test("every file of the page and of the samples is inside the program")
  func embedded() {
    let source = Repository.text("Sources/CPage/embedded_files.c")
    let wanted = Repository.paths(in: ["web", "Samples"]).filter { !$0.hasSuffix(".md") }.sorted()
    let named = source.matches(of: /#embed "..\/..\/(.+)"/).map { String($0.1) }
    #expect(wanted.count > 50)
    #expect(named == wanted, "run Sources/setup/embed.py")
  }

  @Test("few files are slices")
  func slices() {
    let files = Repository.swiftFiles(in: "Sources")
    let slices = Sizes.slices(files)
    #expect(slices.count * 100 <= files.count * Sizes.slicesPercentMax, "\(slices.map(\.path))")
  }

  @Test("files that ARCHITECTURE.md names are there")
  func architecturePaths() {
    let text = Repository.text("Sources/ARCHITECTURE.md")
    let names = text.matches(of: /`([A-Za-z+\/]+\.(?:swift|md))`/).map { String($0.1) }
    #expect(names.count > 30)
    let missing = names.filter { name in !Repository.files.contains { "/\($0.path)".hasSuffix("/\(name)") } }
    #expect(missing.isEmpty)
  }

  @Test("functions are short", arguments: ["Sources", "Tests"])
  func functionSizes(folder: String) {
    let files = Repository.swiftFiles(in: folder)
    report(Sizes.longFunctions(files))
    let lines = files.flatMap { FunctionScanner.functions(in: $0.tokens) }.map(\.lineCount)
    #expect(lines.count > 100)
    #expect(Sizes.percentile(95, of: lines) <= Sizes.functionLines95)
  }

  @Test("nothing lies at the top of the repository that does not belong there")
  func topLevel() {
    #expect(TopLevel.strangers(in: Repository.trackedPaths).isEmpty)
  }
}
