/// What each module may import: the table of `Sources/ARCHITECTURE.md` as data. The standard library needs no import.
enum AllowedImports {
  static let table: [String: Set<String>] = [
    "Bounds": ["DequeModule"],
    "CallCore": ["CExpressions", "JSON"],
    "JSON": [],
    "Wires": ["CallCore", "JSON"],
    "Formats": ["CallCore", "JSON", "CYAML"],
    "Threads": ["CThreads", "Glibc"],
    "CallDriver": ["Bounds", "CallCore", "Threads", "Glibc", "Synchronization"],
    "ChildProcesses": ["Bounds", "CChildProcesses", "Threads", "Glibc"],
    "Engines": [
      "CallCore", "CallDriver", "ChildProcesses", "Threads", "Glibc", "Synchronization", "FoundationEssentials",
      "CFFmpeg", "CFlite", "COgg",
      "COpus",
      "CSpeexDSP",
      "CEspeakNG",
      "CKissFFT", "COnnxRuntime", "CSherpaOnnx", "CSilero",
    ],
    "Stores": [
      "Bounds", "CallCore", "CallDriver", "JSON", "Formats", "Threads", "CPostgres", "Glibc", "OrderedCollections",
    ],
    "Page": ["CPage"],
    "Simulation": ["Bounds", "CallCore", "CallDriver", "JSON", "Page", "Wires", "Threads", "Synchronization"],
    "WebSockets": ["Bounds", "DequeModule", "CLibwebsockets", "Threads", "Glibc", "Synchronization"],
    "RemoteServices": ["CallCore", "Formats", "JSON", "CallDriver", "Threads", "WebSockets", "Glibc"],
    "CallServer": [
      "Bounds", "CCrypto", "DequeModule",
      "CallCore", "JSON", "Wires", "Formats", "CallDriver", "Simulation", "Threads", "WebSockets", "Logging", "Glibc",
      "Synchronization",
      "FoundationEssentials",
    ],
    "CallClient": [
      "CallCore", "JSON", "Wires", "CallDriver", "Simulation", "Threads", "WebSockets", "Glibc", "Synchronization",
      "FoundationEssentials",
    ],
    "LoadTest": [
      "CallClient", "CallCore", "JSON", "Page", "Wires", "CallDriver", "Simulation", "Threads", "WebSockets",
      "Histogram",
      "Glibc",
    ],
    "Cluster": ["CallCore", "CallDriver", "Formats", "JSON", "LoadTest", "Simulation", "Threads"],
    "voiceforge": [
      "CallClient", "CallCore", "Cluster", "JSON", "Wires", "Formats", "CallDriver", "Engines", "Simulation", "Stores",
      "WebSockets", "CallServer",
      "LoadTest", "Page", "RemoteServices", "ChildProcesses", "Threads",
      "ArgumentParser",
      "Logging",
      "FoundationEssentials", "Glibc", "Synchronization",
    ],
  ]

  private static let importKinds: Set<String> = [
    "struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor",
  ]

  /// Imports that the table does not name; a module that is not in the table may import nothing.
  static func violations(in file: SourceFile) -> [Violation] {
    guard file.isSource, let moduleName = file.moduleName else { return [] }
    let allowed = table[moduleName] ?? []
    return imports(of: file).filter { !allowed.contains($0.text) }.map { module in
      let names = allowed.sorted().joined(separator: ", ")
      return Violation(
        file, line: module.line, "imports \(module.text); \(moduleName) may import \(names.isEmpty ? "nothing" : names)"
      )
    }
  }

  /// The modules that a file imports.
  static func imports(of file: SourceFile) -> [Token] {
    let tokens = file.tokens
    return tokens.indices.compactMap { index in
      guard tokens[index].text == "import", index + 2 < tokens.count || index + 1 < tokens.count else { return nil }
      let isKind = index + 2 < tokens.count && importKinds.contains(tokens[index + 1].text)
      return tokens[index + (isKind ? 2 : 1)]
    }
  }
}
