import CallClient
import CallCore
import CallDriver

/// What a caller is to do, before it has a voice.
struct CallPlan {
  /// One turn.
  struct Turn {
    var deed: Deed
    var cue = CallerTurn.Cue.whenAsked
  }

  /// What is done in it.
  enum Deed {
    case say(String)
    case play(AudioInput)
    case press([Key])
    case type(String)
  }

  var turns: [Turn] = []

  /// Turns that are only spoken.
  init(saying lines: [String]) { turns = lines.map { Turn(deed: .say($0)) } }

  /// Reads the recordings.
  /// - Throws: `CommandFault` for a recording that cannot be used, and for an interruption without a turn behind it.
  init(_ steps: [CallStep]) throws {
    var cue = CallerTurn.Cue.whenAsked
    for step in steps.sorted(by: { $0.place < $1.place }) {
      let deed: Deed
      switch step.deed {
      case .interrupt(let delay):
        guard cue == .whenAsked else { throw CommandFault("--interrupt stands twice in front of one turn") }
        cue = .overAgent(after: delay)
        continue
      case .say(let text): deed = .say(text)
      case .play(let file): deed = .play(try Self.recording(file))
      case .press(let keys): deed = .press(keys)
      case .type(let text): deed = .type(text)
      }
      turns.append(Turn(deed: deed, cue: cue))
      cue = .whenAsked
    }
    guard cue == .whenAsked else {
      throw CommandFault(
        "--interrupt must stand in front of what is said over the agent, as in --interrupt 800 --say \"Stop.\"")
    }
  }

  /// Whether a synthesiser is needed.
  var isSpoken: Bool {
    turns.contains { if case .say = $0.deed { true } else { false } }
  }

  private static func recording(_ name: String) throws -> AudioInput {
    let input = try AudioInput(name)
    guard isAudible(input.file.audio) else {
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
