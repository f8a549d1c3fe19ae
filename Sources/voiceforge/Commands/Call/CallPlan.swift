import CallClient
import CallCore
import CallDriver
import Synchronization

/// What a caller is to do, before it has a voice.
struct CallPlan {
  struct Turn {
    var action: Action
    var cue = CallerTurn.Cue.whenAsked
  }

  enum Action {
    case say(String)
    case play(AudioInput)
    case press([Key])
    case type(String)
  }

  var turns: [Turn] = []

  /// Turns that are only spoken.
  init(saying lines: [String]) { turns = lines.map { Turn(action: .say($0)) } }

  /// Reads the recordings.
  /// - Throws: `CommandFault` for a recording that cannot be used, and for an interruption without a turn behind it.
  init(_ steps: [CallStep]) throws {
    var cue = CallerTurn.Cue.whenAsked
    for step in steps.sorted(by: { $0.place < $1.place }) {
      let action: Action
      switch step.action {
      case .interrupt(let delay):
        guard cue == .whenAsked else { throw CommandFault("--interrupt stands twice in front of one turn") }
        cue = .overAgent(after: delay)
        continue
      case .say(let text): action = .say(text)
      case .play(let file): action = .play(try Self.recording(file))
      case .press(let keys): action = .press(keys)
      case .type(let text): action = .type(text)
      }
      turns.append(Turn(action: action, cue: cue))
      cue = .whenAsked
    }
    guard cue == .whenAsked else {
      throw CommandFault(
        "--interrupt must stand in front of what is said over the agent, as in --interrupt 800 --say \"Stop.\"")
    }
  }

  /// Whether a synthesiser is needed.
  var isSpoken: Bool {
    turns.contains { if case .say = $0.action { true } else { false } }
  }

  private static func recording(_ name: String) throws -> AudioInput {
    let input = try AudioInput(name)
    guard isAudible(input.audio) else {
      throw CommandFault(
        "\(name): nothing can be heard in it (all is below −45 dBFS); record it louder, or: sox --norm \(name) out.wav")
    }
    return input
  }

  /// Whether any 20 ms are above −45 dBFS: what a microphone's noise stays below.
  private static func isAudible(_ audio: PCMBuffer) -> Bool {
    let frame = max(audio.sampleRate / 50, 1)
    return stride(from: 0, to: audio.samples.count, by: frame).contains { start in
      let samples = audio.samples[start..<min(start + frame, audio.samples.count)]
      return samples.reduce(0) { $0 + Int($1) * Int($1) } / samples.count > 34_000
    }
  }
}

/// One of the options that say what the caller does, and its place among them.
struct CallStep {
  enum Action {
    case say(String)
    case play(String)
    case press([Key])
    case type(String)
    /// The next deed is done over the agent's voice, so long after it began.
    case interrupt(CallDuration)
  }

  let action: Action
  /// ArgumentParser keeps the order within one option, not across several. It reads the command line from left to right, though,
  /// so each step takes a number when it is read.
  let place = Self.taken.add(1, ordering: .relaxed).newValue

  private static let taken = Atomic<Int>(0)

  init(_ action: Action) { self.action = action }

  static func say(_ text: String) throws -> CallStep {
    guard TextNormalizer.spoken(text).contains(where: { $0.isLetter || $0.isNumber }) else {
      throw CommandFault("there are no words in it")
    }
    return CallStep(.say(text))
  }

  static func play(_ file: String) -> CallStep { CallStep(.play(file)) }

  static func type(_ text: String) throws -> CallStep {
    guard !text.isEmpty, text.count <= 1000 else {
      throw CommandFault("expected 1 to 1000 characters, got \(text.count)")
    }
    return CallStep(.type(text))
  }

  static func press(_ text: String) throws -> CallStep {
    let keys = text.compactMap(Key.init)
    guard keys.count == text.count, (1...32).contains(keys.count) else {
      throw CommandFault("expected 1 to 32 of 0-9, * and #")
    }
    return CallStep(.press(keys))
  }

  static func interrupt(_ text: String) throws -> CallStep {
    guard let milliseconds = Int(text), (0...60_000).contains(milliseconds) else {
      throw CommandFault("expected 0 to 60000 milliseconds")
    }
    return CallStep(.interrupt(.milliseconds(milliseconds)))
  }
}

/// Gives a plan its voice.
struct ScriptMaker {
  /// How the caller's side travels, and the agent's.
  let codecs: any AudioCodecFactory
  /// Needed for plans that are spoken.
  let engines: (any SpeechEngines)?
  let voice: Voice.ID

  /// Another voice than the agent's, so that a recording is easy to follow.
  /// - Parameter agent: `nil` when the flow chooses it; that is nearly always the default voice.
  static func voice(besides agent: Voice.ID?) -> Voice.ID { agent == "heart-low" ? "heart" : "heart-low" }

  func script(for plan: CallPlan, flow: String) throws -> CallerScript {
    defer { ProgressLine.clear() }
    var script = CallerScript(flow: flow, turns: [])
    for (index, turn) in plan.turns.enumerated() {
      ProgressLine.show("preparing turn \(index + 1) of \(plan.turns.count) …")
      script.turns.append(try self.turn(turn, format: script.format))
    }
    return script
  }

  private func turn(_ turn: CallPlan.Turn, format: AudioFormat) throws -> CallerTurn {
    switch turn.action {
    case .say(let text):
      return try .say(speech(text), label: text, cue: turn.cue, format: format, codecs: codecs)
    case .play(let input):
      return try .say(input.audio, label: input.name, cue: turn.cue, format: format, codecs: codecs)
    case .press(let keys):
      return CallerTurn(label: String(keys.map(\.character)), cue: turn.cue, action: .press(keys))
    case .type(let text): return CallerTurn(label: text, cue: turn.cue, action: .type(text))
    }
  }

  /// A long text is spoken sentence by sentence, without pauses in which the turn would end.
  private func speech(_ text: String) throws -> PCMBuffer {
    guard let engines else { preconditionFailure("a spoken plan comes with engines") }
    let synthesizer = try VoiceChoice.synthesizer(for: voice, of: engines)
    let pieces = SpokenParagraph.pieces(of: TextNormalizer.spoken(text, voice: voice))
    let parts = try pieces.map { try synthesizer.synthesize($0, voice: voice) }
    guard let rate = parts.first?.sampleRate else { preconditionFailure("a step without words is refused") }
    return PCMBuffer(sampleRate: rate, samples: parts.flatMap(\.samples))
  }
}
