import ArgumentParser
import CallClient
import CallCore
import Formats
import JSON
import LoadTest
import Simulation
import Wires

/// What `--target` needs beside the address where it names somebody's bot.
struct BotParameters: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Told to a bot when its stream begins, such as customer=4711; repeatable.", valueName: "name=value"))
  var targetParameter: [String] = []
  @Option(
    help: ArgumentHelp(
      "Silence that ends an utterance of a bot (default: 900ms); longer for one that thinks between two sentences.",
      valueName: "time"))
  var agentPause: String?
  @Option(help: ArgumentHelp("The file in which --target NAME stands (default: targets.yaml).", valueName: "file"))
  var targets: String?

  static let example = "twilio+ws://127.0.0.1:7860/ws"

  /// The same again on a command line.
  var words: [String] {
    (targets.map { ["--targets", $0] } ?? []) + targetParameter.flatMap { ["--target-parameter", $0] }
      + (agentPause.map { ["--agent-pause", $0] } ?? [])
  }

  /// - Returns: `nil` when the address is not that of a bot.
  func bot(_ text: String?, _ settings: Settings) throws(CommandFault) -> BotTarget? {
    if let text, let bot = try BotTarget(named: text, in: targets, settings) { return try completed(bot) }
    guard let text, let bot = try BotTarget(option: text) else {
      guard targetParameter.isEmpty, agentPause == nil else {
        throw CommandFault(
          "--target-parameter and --agent-pause need a bot, such as --target \(Self.example)")
      }
      return nil
    }
    return try completed(bot)
  }

  /// With what the other options say.
  private func completed(_ target: BotTarget) throws(CommandFault) -> BotTarget {
    var target = target
    if let agentPause {
      guard let pause = WrittenTime.parse(agentPause), BotTarget.agentPauses.contains(pause) else {
        throw CommandFault("--agent-pause: expected a time from 200ms to 30s, got \"\(agentPause)\"")
      }
      target.agentPause = pause
    }
    for parameter in targetParameter {
      let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, parts[0].unicodeScalars.count <= WireLimits.nameCharactersMax,
        parts[1].unicodeScalars.count <= TargetFile.valueScalarsMax
      else {
        throw CommandFault(
          "--target-parameter: expected a name and a value such as customer=4711, got \"\(parameter)\"")
      }
      target.parameters[parts[0]] = parts[1]
    }
    guard targetParameter.isEmpty || target.wire != .realtime else {
      throw CommandFault(
        "--target-parameter: realtime has no place for parameters; write `instructions:` in targets.yaml")
    }
    guard target.parameters.count <= WireLimits.metadataEntriesMax else {
      throw CommandFault("--target-parameter: at most \(WireLimits.metadataEntriesMax) are taken")
    }
    return target
  }
}

/// What a simulation of calls to a bot needs beside its address.
struct BotOptions: ParsableArguments {
  @OptionGroup var parameters: BotParameters
  @Flag(help: "Skip expectations that the bot's wire cannot answer; they are reported as skipped.")
  var skipUnobservable = false

  /// - Returns: `nil` when the address is not that of a bot.
  func bot(_ text: String?, _ settings: Settings) throws(CommandFault) -> BotTarget? {
    let bot = try parameters.bot(text, settings)
    guard bot != nil || !skipUnobservable else {
      throw CommandFault("--skip-unobservable needs a bot, such as --target \(BotParameters.example)")
    }
    return bot
  }

  /// The same again on a command line.
  var words: [String] { parameters.words + (skipUnobservable ? ["--skip-unobservable"] : []) }

  /// Refuses what cannot be seen over the target's wire, before anything is called.
  /// - Throws: with every file and line.
  func check(_ cases: [TestCase], _ target: BotTarget) throws(CommandFault) {
    let faults = cases.flatMap { testCase in
      testCase.unobservable(over: target.wire, skipsExpectations: skipUnobservable).map { fault in
        FileFault(
          file: testCase.source.file.isEmpty ? testCase.id : testCase.source.file,
          line: max(fault.line, testCase.source.line, 1), column: 1, kind: .contradiction,
          message: "\(testCase.id): \(fault.text)")
      }
    }
    guard faults.isEmpty else { throw CommandFault("\(FileFaults(faults))") }
  }
}

extension BotTarget {
  /// With the key that stands on the command line, where one does; `VOICEFORGE_KEY` is for our own servers and goes to no bot.
  func called(with key: String?) -> BotTarget {
    var target = self
    target.key = key ?? self.key
    return target
  }

  /// - Parameter text: an address whose scheme names the wire before a `+`, such as `twilio+ws://127.0.0.1:7860/ws`.
  /// - Returns: `nil` for an address without a `+` in its scheme.
  /// - Throws: for a wire that is not spoken, and for what is no address.
  init?(option text: String, named option: String = "--target") throws(CommandFault) {
    guard let end = text.firstRange(of: "://"), let plus = text[..<end.lowerBound].firstIndex(of: "+") else {
      return nil
    }
    let name = text[..<plus].lowercased()
    let rest = text[text.index(after: plus)...]
    guard let wire = CallWire.foreign.first(where: { $0.rawValue == name }) else {
      throw CommandFault("\(option): \(name) is none of \(CallWire.foreign.map(\.rawValue).joined(separator: ", "))")
    }
    let scheme = text[text.index(after: plus)..<end.lowerBound].lowercased()
    let host = text[end.upperBound...].prefix { !"/?".contains($0) }
    let schemes = ["ws", "wss"] + (wire == .twilio ? ["http", "https"] : [])
    guard schemes.contains(scheme), !host.isEmpty, !rest.contains(where: \.isWhitespace) else {
      throw CommandFault("\(option): expected an address such as \(BotParameters.example), got \"\(text)\"")
    }
    self.init(wire: wire, url: scheme + String(rest.dropFirst(scheme.count)))
  }
}
