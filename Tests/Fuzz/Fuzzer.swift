import Foundation

/// libFuzzer over one target. `FUZZ_TARGET` names it, or is `list`; with `FUZZ_SEEDS` the target's binary seeds are written into that folder
/// instead. The arguments are libFuzzer's own: https://llvm.org/docs/LibFuzzer.html#options. `Tests/Fuzz/fuzz.py` starts it for every target.
@main
enum Fuzzer {
  private static let targets = [
    FuzzTargetKind(PacketTarget.self), FuzzTargetKind(JSONTarget.self), FuzzTargetKind(CallTarget.self),
    FuzzTargetKind(HTTPTarget.self), FuzzTargetKind(FlowTarget.self), FuzzTargetKind(CaseTarget.self),
    FuzzTargetKind(MultipartTarget.self), FuzzTargetKind(MediaStreamTarget.self), FuzzTargetKind(RealtimeTarget.self),
    FuzzTargetKind(JSONWireTarget.self), FuzzTargetKind(RealtimeCallerTarget.self), FuzzTargetKind(RTVITarget.self),
    FuzzTargetKind(BotMessageTarget.self), FuzzTargetKind(TwiMLTarget.self), FuzzTargetKind(SoundTarget.self),
    FuzzTargetKind(TraceParentTarget.self),
    FuzzTargetKind(DecoderTarget.self),
    FuzzTargetKind(ExpressionTarget.self), FuzzTargetKind(WordTarget.self), FuzzTargetKind(SpeechTextTarget.self),
  ]

  static func main() {
    let environment = ProcessInfo.processInfo.environment
    let name = environment["FUZZ_TARGET"] ?? ""
    if name == "list" { return targets.forEach { print($0.name) } }
    guard let target = targets.first(where: { $0.name == name }) else {
      giveUp("FUZZ_TARGET names no target; there are \(targets.map(\.name).joined(separator: ", "))")
    }
    if let folder = environment["FUZZ_SEEDS"] { return write(target.binarySeeds(), into: folder) }
    chosen = target.make()
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(runDriver(&count, &arguments, testOneInput))
  }

  private static func write(_ seeds: [BinarySeed], into folder: String) {
    for seed in seeds {
      let path = "\(folder)/\(seed.name)"
      let isWritten = FileManager.default.createFile(atPath: path, contents: Data(seed.bytes))
      if !isWritten { giveUp("\(path) cannot be written") }
    }
  }

  private static func giveUp(_ why: String) -> Never {
    FileHandle.standardError.write(Data("\(why)\n".utf8))
    exit(2)
  }
}

/// libFuzzer gives all inputs on one thread, and nothing along with them.
nonisolated(unsafe) private var chosen: (any FuzzTarget)?

private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  chosen?.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// libFuzzer as a library: https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
