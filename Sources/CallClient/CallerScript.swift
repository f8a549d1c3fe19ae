public import CallCore
public import CallDriver

/// What a scripted caller asks for and does.
public struct CallerScript: Sendable {
  /// Flow to talk to.
  public var flow: String
  /// The agent's voice; `nil` for the flow's own.
  public var voice: Voice.ID?
  /// Both ways.
  public var format = AudioFormat(codec: .opus, sampleRate: 16_000)
  /// Notes that go into the record.
  public var metadata: [String: String] = [:]
  /// In order.
  public var turns: [CallerTurn]
  /// Quiet after the agent's last packet before the caller answers: people take about as long.
  public var pauseBeforeAnswer = CallDuration.milliseconds(300)
  /// The caller hangs up when the agent says nothing for so long: the longest late turn, and as much again.
  public var patience = CallDuration.seconds(8)

  package init(flow: String, turns: [CallerTurn]) {
    self.flow = flow
    self.turns = turns
  }
}

/// Something a scripted caller does, and when.
public struct CallerTurn: Sendable {
  /// When the caller begins.
  public enum Cue: Sendable, Equatable {
    /// When the agent has finished and has been quiet for `CallerScript.pauseBeforeAnswer`.
    case whenAsked
    /// This long after the agent began its next utterance, over its voice.
    case overAgent(after: CallDuration)
  }

  /// What the caller does.
  public enum Action: Sendable {
    /// Says this; `speechEnd` is where the last sound ends in it.
    case say(EncodedSpeech, speechEnd: CallDuration)
    /// Presses these keys, one every 150 ms.
    case press([Key])
    /// Types this.
    case type(String)
  }

  /// What, for people to read.
  public var label: String
  /// When.
  public var cue: Cue
  /// What.
  public var action: Action

  package init(label: String, cue: Cue = .whenAsked, action: Action) {
    self.label = label
    self.cue = cue
    self.action = action
  }

  /// A turn that is spoken.
  /// - Parameters:
  ///   - speech: what to say.
  ///   - codecs: knows `format`.
  public static func say(
    _ speech: PCMBuffer, label: String, cue: Cue = .whenAsked, format: AudioFormat, codecs: any AudioCodecFactory
  ) throws(EngineError) -> CallerTurn {
    let encoded = try codecs.makeEncoder(format).encode(speech)
    return CallerTurn(label: label, cue: cue, action: .say(encoded, speechEnd: speechEnd(in: speech)))
  }

  /// End of the last 5 ms that are at most 30 dB below the loudest: what a listener takes for the end of speech. The server
  /// measures by the same rule (`EnergyGate.speechRange`), but what went through the codec, and forgets what was loud long ago.
  public static func speechEnd(in speech: PCMBuffer) -> CallDuration {
    let piece = max(speech.sampleRate / 200, 1)
    let energies = stride(from: 0, to: speech.samples.count, by: piece).map { start in
      let samples = speech.samples[start..<min(start + piece, speech.samples.count)]
      return samples.reduce(0) { $0 + Int($1) * Int($1) } / samples.count
    }
    let loud = (energies.max() ?? 0) / 1000
    let pieces = (energies.lastIndex { $0 > loud } ?? -1) + 1
    return .milliseconds(5) * pieces
  }
}
