// swift-tools-version: 6.2
import PackageDescription

/// The modules of `Sources/ARCHITECTURE.md`. What each may import is checked by `Tests/RulesTests`.
/// Warnings are errors in CI and a nuisance nobody may leave behind elsewhere.
let warnings: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let strict: [SwiftSetting] =
  warnings + [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ]

/// Where `make setup` puts the speech engines; the environment variable names another place.
let engineFolder =
  Context.environment["VOICEFORGE_ENGINES"] ?? "\(Context.environment["HOME"] ?? "/root")/.cache/voiceforge/engines"

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// In release builds, what is tested is optimised and the code of the tests is not, which saves a third of the time of a build; but for
/// tests that compute with sound themselves.
func tests(_ name: String, _ dependencies: [Target.Dependency], computesSound: Bool = false) -> Target {
  let notOptimized: [SwiftSetting] = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
  return .testTarget(
    name: name, dependencies: dependencies, swiftSettings: strict + (computesSound ? [] : notOptimized))
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let deques = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// libFuzzer's program with every target in `Tests/Fuzz`, built only when asked for, because all that it tests must be built with the
/// sanitizer's counters. `VOICEFORGE_FUZZ` is the path of libFuzzer's archive, which `Tests/Fuzz/fuzz.py` finds in the toolchain.
let fuzzTargets: [Target] =
  Context.environment["VOICEFORGE_FUZZ"].map { archive in
    [
      .executableTarget(
        name: "fuzz",
        dependencies: [
          "COgg", "CallCore", "CallDriver", "Formats", "JSON", "Wires", "Engines", "SampleCases", "WebSockets",
        ],
        path: "Tests/Fuzz", exclude: ["Seeds", "fuzz.py", "typecheck.sh"], swiftSettings: strict,
        linkerSettings: [.unsafeFlags([archive]), .linkedLibrary("stdc++")])
    ]
  } ?? []

let package = Package(
  name: "voiceforge",
  products: [.executable(name: "voiceforge", targets: ["voiceforge"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    // With OpenSSL, which libwebsockets-dev brings along: TLS, and a look at certificates before they are used.
    .target(
      name: "CLibwebsockets",
      linkerSettings: [.linkedLibrary("websockets"), .linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    // Opened where a database is used, never linked.
    .target(name: "CPostgres", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CYAML", linkerSettings: [.linkedLibrary("yaml")]),
    .target(name: "COpus", linkerSettings: [.linkedLibrary("opus")]),
    .target(name: "COgg", linkerSettings: [.linkedLibrary("ogg")]),
    .target(name: "CSpeexDSP", linkerSettings: [.linkedLibrary("speexdsp")]),
    // Opened by a child process alone, never linked.
    .target(name: "CEspeakNG", linkerSettings: [.linkedLibrary("dl")]),
    // Opened by a child process alone, never linked.
    .target(name: "CFFmpeg", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CFlite", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CKissFFT", linkerSettings: [.linkedLibrary("kissfft-float")]),
    // Optimised in debug builds too: the tests listen in real time.
    .target(name: "CSilero", cSettings: [.unsafeFlags(["-O3"])], linkerSettings: [.linkedLibrary("m")]),
    .target(name: "COnnxRuntime", linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "CSherpaOnnx", cSettings: [.unsafeFlags(["-I\(engineFolder)/include"])],
      linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CExpressions", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),

    .target(name: "CThreads"),
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    // `web/` and `Samples/` inside the program.
    .target(name: "CPage", cSettings: [.unsafeFlags(["-std=c23"])], linkerSettings: [.linkedLibrary("crypto")]),
    module("Page", ["CPage"]),
    module("Threads", ["CThreads"]),
    module("Bounds", [deques]),
    module("CallCore", ["CExpressions", "JSON"]),
    module("JSON", []),
    module("Wires", ["CallCore", "JSON"]),
    .target(
      name: "Formats", dependencies: ["CallCore", "CYAML", "JSON"], exclude: ["Rest/Rest.md"],
      swiftSettings: strict
    ),
    module("CallDriver", ["Bounds", "CallCore", "Threads"]),
    .target(name: "CChildProcesses"),
    module("ChildProcesses", ["Bounds", "CChildProcesses", "Threads"]),
    .target(
      name: "Engines",
      dependencies: [
        "CallCore", "CallDriver", "ChildProcesses", "Threads", "CFFmpeg", "CFlite", "COgg", "COpus", "CSpeexDSP",
        "CEspeakNG",
        "CKissFFT", "COnnxRuntime", "CSherpaOnnx", "CSilero",
      ], exclude: ["setup"], swiftSettings: strict),
    module(
      "Stores", ["Bounds", "CallCore", "CallDriver", "Formats", "JSON", "Threads", "CPostgres", orderedCollections]),
    .target(
      name: "Simulation", dependencies: ["Bounds", "CallCore", "CallDriver", "JSON", "Page", "Wires", "Threads"],
      exclude: ["Report.md"],
      swiftSettings: strict),
    module("WebSockets", ["Bounds", "CLibwebsockets", "Threads", deques]),
    module("RemoteServices", ["CallCore", "Formats", "JSON", "CallDriver", "Threads", "WebSockets"]),
    module(
      "CallServer",
      [
        "Bounds", "CCrypto", "CallCore", "Formats", "JSON", "Wires", "CallDriver", "Simulation", "Stores", "Threads",
        "WebSockets", deques, logging,
      ]),
    module("CallClient", ["CallCore", "JSON", "Wires", "CallDriver", "Simulation", "Threads", "WebSockets"]),
    module(
      "LoadTest",
      [
        "CallClient", "CallCore", "JSON", "Page", "Wires", "CallDriver", "Simulation", "Threads", "WebSockets",
        histogram,
      ]),
    module("Cluster", ["CallCore", "CallDriver", "Formats", "JSON", "LoadTest", "Simulation", "Threads"]),
    .executableTarget(
      name: "voiceforge",
      dependencies: [
        "CallClient", "CallCore", "Cluster", "Formats", "JSON", "Wires", "CallDriver", "Engines", "Simulation",
        "Stores",
        "WebSockets", "ChildProcesses",
        "CallServer", "LoadTest", "Page", "RemoteServices", "Threads",
        argumentParser, logging,
      ], swiftSettings: strict,
      // The Swift runtime inside the program: it starts in half the time, takes 8 MB less and runs where no Swift is installed.
      linkerSettings: [
        .unsafeFlags(
          ["-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims"], .when(configuration: .release))
      ]),

    .target(
      name: "TestSupport", dependencies: ["CallCore", "CallDriver", "Threads"], path: "Tests/TestSupport",
      swiftSettings: strict),
    tests("ThreadsTests", ["Threads"]),
    tests("BoundsTests", ["Bounds", "TestSupport"]),
    tests("CallCoreTests", ["CallCore", "TestSupport"]),
    tests("JSONTests", ["JSON", "TestSupport"]),
    tests(
      "WiresTests", ["Wires", "CAllocationCounter", "CallCore", "JSON", "TestSupport"], computesSound: true),
    tests("FormatsTests", ["Formats", "CallCore", "CallDriver", "JSON", "Wires", "TestSupport"]),
    tests(
      "RemoteServicesTests", ["RemoteServices", "CallCore", "CallDriver", "TestSupport", "WebSockets"]),
    tests("CallDriverTests", ["CallDriver", "CallCore", "TestSupport"]),
    .executableTarget(
      name: "test-child", dependencies: ["ChildProcesses"], path: "Tests/TestChild", swiftSettings: strict),
    tests("ChildProcessesTests", ["ChildProcesses", "CChildProcesses"]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    tests(
      "EngineContractTests",
      ["Engines", "RemoteServices", "CallDriver", "CallCore", "CAllocationCounter", "COnnxRuntime"],
      computesSound: true),
    .target(
      name: "TestCluster", dependencies: ["CPostgres", "TestSupport"], path: "Tests/TestCluster", swiftSettings: strict),
    .target(name: "MachineWatch", path: "Tests/MachineWatch", swiftSettings: strict),
    tests("StoreContractTests", ["Stores", "CallDriver", "CallCore", "TestCluster", "Threads", "TestSupport"]),
    tests("DatabaseTests", ["Stores", "CallDriver", "CallCore", "TestCluster", "Threads", "TestSupport"]),
    tests("WebSocketsTests", ["WebSockets", "MachineWatch", "TestSupport", "Threads"]),
    tests(
      "ServerTests",
      [
        "CallServer", "CallClient", "CallCore", "Formats", "JSON", "Wires", "CallDriver", "Engines", "LoadTest",
        "Simulation", "Stores",
        "Threads", "WebSockets",
        "CAllocationCounter", "MachineWatch", "SampleCases", "TestSupport", logging,
      ]),
    tests(
      "CommandTests",
      [
        "CallCore", "Formats", "JSON", "Wires", "CallDriver", "Engines", "MachineWatch", "RemoteServices",
        "TestCluster",
        "TestSupport", "Threads",
      ]),
    .target(
      name: "SampleCases", dependencies: ["CallCore", "Formats", "JSON", "Wires"], path: "Tests/SampleCases",
      swiftSettings: strict),
    .target(
      name: "SampleRun", dependencies: ["Simulation", "CallCore", "Formats", "JSON", "Wires"], path: "Tests/SampleRun",
      swiftSettings: strict),
    .executableTarget(
      name: "sample-report", dependencies: ["SampleRun", "Simulation"], path: "Tests/SampleReport",
      swiftSettings: strict),
    tests(
      "SimulationTests",
      [
        "SampleRun", "SampleCases", "Simulation", "CallDriver", "CallCore", "Formats", "JSON", "Page", "Wires",
        "Engines",
        "Threads", "CAllocationCounter", "TestSupport",
      ]),
    tests(
      "LoadTestTests",
      ["LoadTest", "CallCore", "Formats", "JSON", "Page", "Wires", "CallDriver", "Simulation", "Engines", "WebSockets"]),
    tests(
      "ClusterTests",
      [
        "Cluster", "CallCore", "CallDriver", "JSON", "LoadTest", "SampleCases", "Simulation", "TestSupport", "Threads",
      ]),
    .target(name: "CMediaLimit", path: "Tests/CMediaLimit", linkerSettings: [.linkedLibrary("opus")]),
    .executableTarget(
      name: "frame-path",
      dependencies: ["CMediaLimit", "CallCore", "CallDriver", "Engines", "LoadTest", "SampleCases", "Simulation"],
      path: "Tests/FramePath",
      exclude: ["instructions.json"],
      swiftSettings: strict),
    tests("SessionTests", ["CallDriver", "CallCore", "Engines"]),
    tests("RulesTests", []),
  ] + fuzzTargets,
  swiftLanguageModes: [.v6]
)
