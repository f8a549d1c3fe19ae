import CallCore

/// Reads where the caller is and what the line does.
struct WorldReader {
  let context: CaseParseContext

  private static let keys = [
    "noise", "level", "echo", "telephone", "keys", "codec", "network", "disconnect-after", "engine-trouble",
  ]
  /// `noise: none` takes back what `defaults` say.
  private static let none = "none"

  func read(_ fields: FieldReader<CaseParseContext>) -> CallWorld {
    var world = CallWorld()
    guard let written = fields.section("world", keys: WorldReader.keys) else { return world }
    world.noise = noise(written)
    world.level = written.decibels("level", CaseLimits.level) ?? world.level
    world.echo = echo(written)
    world.isTelephone = written.flag("telephone") ?? world.isTelephone
    world.keys = written.choice("keys") ?? world.keys
    world.codec = written.choice("codec") ?? world.codec
    world.network = network(written)
    world.disconnectAfter =
      isNone("disconnect-after", written)
      ? nil : written.duration("disconnect-after", CaseLimits.disconnectAfter)
    world.engineTroubles = troubles(written)
    return world
  }

  private func isNone(_ key: String, _ fields: FieldReader<CaseParseContext>) -> Bool {
    if case .text(WorldReader.none) = fields.field(key)?.value.content { true } else { false }
  }

  private func noise(_ world: FieldReader<CaseParseContext>) -> CallWorld.Noise? {
    guard !isNone("noise", world), let fields = world.section("noise", keys: ["sort", "file", "snr"]) else {
      return nil
    }
    for key in ["sort", "snr"] where !fields.has(key) {
      fields.reportMissing(key, "write for example `noise: {sort: babble, snr: 10}`")
    }
    let ratio = fields.decibels("snr", CaseLimits.noiseRatio)
    guard let word = fields.choice("sort", of: NoiseWord.self) else { return nil }
    let file = word == .recording ? recording(fields) : nil
    if word != .recording, fields.has("file") {
      let advice = "belongs to `sort: recording`, not to `sort: \(word.rawValue)`"
      context.log.add(.unknownKey, at: fields.place(of: "file"), "`file` \(advice)")
    }
    guard let ratio, let sort = word.sort(file: file) else { return nil }
    return CallWorld.Noise(sort: sort, ratio: ratio)
  }

  private func recording(_ fields: FieldReader<CaseParseContext>) -> String? {
    if !fields.has("file") { fields.reportMissing("file", "name the sound file with the noise") }
    return fields.recording("file")
  }

  private func echo(_ world: FieldReader<CaseParseContext>) -> CallWorld.Echo? {
    guard !isNone("echo", world), let fields = world.section("echo", keys: ["level", "delay"]) else { return nil }
    if !fields.has("level") { fields.reportMissing("level", "write for example `echo: {level: -30, delay: 80ms}`") }
    let delay = fields.duration("delay", CaseLimits.echoDelay)
    guard let level = fields.decibels("level", CaseLimits.echoLevel) else { return nil }
    return CallWorld.Echo(level: level, delay: delay ?? .zero)
  }

  private func network(_ world: FieldReader<CaseParseContext>) -> NetworkConditions {
    var network = NetworkConditions()
    let keys = ["loss", "burst", "delay", "jitter", "duplicates"]
    guard !isNone("network", world), let fields = world.section("network", keys: keys) else { return network }
    network.lossPermille = fields.permille("loss", CaseLimits.permille) ?? network.lossPermille
    network.lossBurst = fields.integer("burst", CaseLimits.burst) ?? network.lossBurst
    network.delay = fields.duration("delay", CaseLimits.networkDelay) ?? network.delay
    network.jitter = fields.duration("jitter", CaseLimits.networkDelay) ?? network.jitter
    network.duplicatePermille = fields.permille("duplicates", CaseLimits.permille) ?? network.duplicatePermille
    if network.lossBurst > 1, network.lossPermille == 0, !fields.has("loss") {
      context.log.add(.contradiction, at: fields.place(of: "burst"), "`burst` without `loss`: no packet is lost")
    }
    return network
  }

  private func troubles(_ world: FieldReader<CaseParseContext>) -> [CallWorld.EngineTrouble] {
    guard let field = world.field("engine-trouble"), !isNone("engine-trouble", world) else { return [] }
    let reader = NodeReader(context: context, what: "`engine-trouble`")
    return reader.items(of: field.value, max: CaseLimits.troublesMax, "entries").compactMap(trouble)
  }

  private func trouble(_ node: FileNode) -> CallWorld.EngineTrouble? {
    let keys = ["engine", "from-turn", "fails", "slow-by"]
    guard let fields = FieldReader(node, owner: "`engine-trouble`", keys: keys, context: context) else { return nil }
    if !fields.has("engine") { fields.reportMissing("engine", "recognition or synthesis") }
    let from = fields.integer("from-turn", 1...CaseLimits.turnsMax) ?? 1
    let fails = fields.flag("fails") ?? false
    let delay = fields.duration("slow-by", CaseLimits.slowness)
    if fails == fields.has("slow-by") {
      let what = fails ? "both `fails: true` and `slow-by`" : "neither `fails: true` nor `slow-by`"
      context.log.add(.contradiction, at: node.place, "`engine-trouble` has \(what): write one of them")
    }
    return fields.choice("engine").map {
      CallWorld.EngineTrouble(engine: $0, fromTurn: from, delay: fails ? nil : delay)
    }
  }
}

/// The words for sorts of noise in files and databases.
enum NoiseWord: String, CaseIterable {
  case white, pink, babble, recording

  init(_ sort: CallWorld.Noise.Sort) {
    switch sort {
    case .white: self = .white
    case .pink: self = .pink
    case .babble: self = .babble
    case .recording: self = .recording
    }
  }

  /// `nil` for a recording without its file.
  func sort(file: String?) -> CallWorld.Noise.Sort? {
    switch self {
    case .white: .white
    case .pink: .pink
    case .babble: .babble
    case .recording: file.map { .recording($0) }
    }
  }
}
