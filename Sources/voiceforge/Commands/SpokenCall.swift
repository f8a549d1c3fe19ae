import CallClient
import CallCore
import CallDriver
import Engines

/// Turns lines into a caller's script, with the speech engines of this process.
struct SpokenCall {
  /// One line of the caller: to be spoken, or a recording.
  struct Line {
    var text: String
    var recording: PCMBuffer?

    init(say text: String) { self.text = text }

    init(recording: PCMBuffer, from name: String) {
      text = name
      self.recording = recording
    }
  }

  let flow: String
  let lines: [Line]
  let engines: EngineCatalog
  /// The caller's voice; another than the agent's, so that a recording is easy to follow.
  var voice = "heart"

  func script() throws -> CallerScript {
    var script = CallerScript(flow: flow, turns: [])
    for line in lines {
      let speech = try line.recording ?? engines.synthesizer(for: voice).synthesize(line.text, voice: voice)
      let turn = try CallerTurn.say(speech, label: line.text, format: script.format, codecs: engines.codecs)
      script.turns.append(turn)
    }
    return script
  }
}
