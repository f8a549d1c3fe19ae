import CallClient
import CallCore
import CallServer
import FoundationEssentials
import Formats
import Simulation
import Wires

/// Bots that `--target` names.
extension BotTarget {
  /// The file that is looked at when no other is named.
  private static let usualFile = "targets.yaml"

  /// Looks a name up in a file of targets.
  /// - Parameters:
  ///   - file: `nil`: the usual one, when there is one.
  ///   - settings: hold the tokens.
  /// - Returns: `nil` for an address, and for a name that is in no file and may be that of a host.
  /// - Throws: for a file that cannot be read, with its lines, and for a name that is not in the file that was named.
  init?(named name: String, in file: String?, _ settings: Settings) throws(CommandFault) {
    guard !name.contains("://"), file != nil || FileManager.default.fileExists(atPath: Self.usualFile) else {
      return nil
    }
    let path = file ?? Self.usualFile
    let targets = try Self.read(path)
    guard let written = targets.first(where: { $0.name == name }) else {
      guard file != nil else { return nil }
      throw CommandFault(
        "--target: \(path) has no \(name); there are \(targets.map(\.name).prefix(40).joined(separator: ", "))")
    }
    guard var target = try BotTarget(option: written.url, named: "\(path): url of \(name)") else {
      throw CommandFault(
        "\(path): url of \(name): expected an address with its wire, such as \(BotParameters.example), got \"\(written.url)\""
      )
    }
    guard target.wire == .twilio || written.tokenVariable == nil else {
      throw CommandFault(
        "\(path): signing-token of \(name): only Twilio's signature is known, not \(target.wire.rawValue)'s")
    }
    if let key = Self.strangeKey(in: written, for: target.wire) {
      throw CommandFault("\(path): \(key) of \(name): a target over \(target.wire.rawValue) has none")
    }
    target.parameters = written.parameters
    (target.from, target.to) = (written.from, written.to)
    target.agentPause = written.agentPause ?? target.agentPause
    target.rewrite = written.rewrite.map { ($0.from, $0.to) }
    if let variable = written.tokenVariable { target.sign = try Self.signer(variable, path, name, settings) }
    if let variable = written.keyVariable {
      guard let key = settings[variable], !key.isEmpty else {
        throw CommandFault("\(path): key of \(name): the environment has no \(variable)")
      }
      target.key = key
    }
    if let audio = written.audio, target.wire != .realtime {
      target.telephoneFormat = target.wire.streamFormats.first { $0.codec == Self.codecs[audio] }
      guard target.telephoneFormat != nil else {
        let known = Self.codecs.filter { word in target.wire.streamFormats.contains { $0.codec == word.value } }
        throw CommandFault(
          "\(path): audio of \(name): \(target.wire.rawValue) carries \(known.keys.sorted().joined(separator: " or ")), not \(audio)"
        )
      }
    }
    target.realtime = RealtimeCallSettings(written)
    self = target
  }

  /// By the words of `audio`.
  private static let codecs: [String: AudioCodec] = ["pcm": .pcm16, "pcmu": .mulaw, "pcma": .alaw]

  /// A key of the file that the wire has no use for.
  private static func strangeKey(in written: WrittenTarget, for wire: CallWire) -> String? {
    let (isRealtime, isTelephone) = (wire == .realtime, CallWire.telephony.contains(wire))
    let keys = [
      ("instructions", written.instructions != nil && !isRealtime),
      ("greeting", written.greeting != nil && !isRealtime),
      ("audio", written.audio != nil && !isRealtime && !isTelephone), ("tools", !written.tools.isEmpty && !isRealtime),
      ("parameters", !written.parameters.isEmpty && !isTelephone), ("from", written.from != nil && !isTelephone),
      ("to", written.to != nil && !isTelephone), ("rewrite", written.rewrite != nil && !isTelephone),
    ]
    return keys.first { $0.1 }?.0
  }

  private static func read(_ path: String) throws(CommandFault) -> [WrittenTarget] {
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(path, bytesMax: TargetFile.bytesMax + 1) } catch {
      throw CommandFault("--targets: cannot read \(path): \(error)")
    }
    guard let text = TextFile.text(of: bytes) else { throw CommandFault("--targets: \(path) is no text") }
    switch TargetFile.read(text, file: path, agentPauses: agentPauses) {
    case .success(let targets): return targets
    case .failure(let faults): throw CommandFault("\(faults)")
    }
  }

  private static func signer(
    _ variable: String, _ path: String, _ name: String, _ settings: Settings
  ) throws(CommandFault) -> @Sendable (String) -> String {
    var twilio = TwilioSettings()
    twilio.authToken = settings[variable]
    guard let signature = TwilioSignature(twilio) else {
      throw CommandFault("\(path): signing-token of \(name): the environment has no \(variable)")
    }
    return { signature.signature($0) }
  }
}

extension RealtimeCallSettings {
  init(_ written: WrittenTarget) {
    self.init()
    instructions = written.instructions
    greeting = written.greeting.flatMap(Greeting.init(rawValue:)) ?? greeting
    if written.audio == "pcmu" { format = Self.pcmu }
    if written.audio == "pcma" { format = Self.pcma }
    tools = written.tools.mapValues { Tool(description: $0.description, parameters: $0.parameters, output: $0.output) }
  }
}
