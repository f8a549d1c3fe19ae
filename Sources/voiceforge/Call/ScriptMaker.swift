import CallClient
import CallCore
import CallDriver

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
    switch turn.deed {
    case .say(let text):
      return try .say(speech(text), label: text, cue: turn.cue, format: format, codecs: codecs)
    case .play(let input):
      return try .say(input.file.audio, label: input.name, cue: turn.cue, format: format, codecs: codecs)
    case .press(let keys):
      return CallerTurn(label: String(keys.map(\.character)), cue: turn.cue, deed: .press(keys))
    case .type(let text): return CallerTurn(label: text, cue: turn.cue, deed: .type(text))
    }
  }

  /// A long text is spoken sentence by sentence, without pauses in which the turn would end.
  private func speech(_ text: String) throws -> PCMBuffer {
    guard let engines else { preconditionFailure("a spoken plan comes with engines") }
    let synthesizer = try VoiceChoice.synthesizer(for: voice, of: engines)
    let parts = try SpokenParagraph.pieces(of: text).map { try synthesizer.synthesize($0, voice: voice) }
    guard let rate = parts.first?.sampleRate else { preconditionFailure("a step without words is refused") }
    return PCMBuffer(sampleRate: rate, samples: parts.flatMap(\.samples))
  }
}
