public import CallCore

/// How large a file of test cases and its parts may be, and what its numbers may be. Far above what a person writes, far
/// below what would slow a machine down.
public enum CaseLimits {
  /// UTF-8 bytes of a file.
  public static let fileBytesMax = 1024 * 1024
  /// Cases of a file, and of all files that are read together, once tables are written out.
  public static let casesMax = 1000
  /// Rows of a table.
  public static let rowsMax = 200
  /// Columns of a table.
  public static let columnsMax = 20
  /// Turns of a case.
  public static let turnsMax = 100
  /// Characters of an id.
  public static let idMax = 100
  /// Characters of one line of the caller, of a title and of a reply: about half a minute of speech.
  public static let textMax = 500
  /// Characters of a persona.
  public static let personaMax = 2000
  /// Tags of a case.
  public static let tagsMax = 20
  /// Phrases of a list, states of a list, slots of an expectation.
  public static let phrasesMax = 20
  /// Members of a tool's arguments, and elements of a list in them.
  public static let argumentsMax = 20
  /// Lists and objects within one another in a tool's arguments.
  public static let argumentDepthMax = 4
  /// Characters of a phrase, or of a slot's value.
  public static let phraseMax = 200
  /// Characters of a file's path.
  public static let pathMax = 1000
  /// Kept calls that a judge is tried on, in one file.
  public static let keptCallsMax = 200
  /// Lines of a kept call.
  public static let keptLinesMax = 200
  /// Characters of a line of a kept call: two minutes of speech.
  public static let keptTextMax = 2000
  /// Keys pressed in a turn: as many as `TurnLimits.keysMax` takes by default.
  public static let keysMax = 32
  /// Values of a property under `vary`.
  public static let variedValuesMax = 20
  /// Engine troubles of a case.
  public static let troublesMax = 10
  /// A pause that is written in a line.
  public static let pause = CallDuration.milliseconds(20)...CallDuration.seconds(10)
  /// How far into the agent's utterance a turn may begin.
  public static let cue = CallDuration.zero...CallDuration.seconds(60)
  /// How long a caller thinks before answering.
  public static let pauseBeforeAnswer = CallDuration.zero...CallDuration.seconds(10)
  /// How long a caller waits for an answer.
  public static let patience = CallDuration.seconds(1)...CallDuration.seconds(60)
  /// A pause between two words of a disfluent caller.
  public static let disfluentPause = CallDuration.milliseconds(20)...CallDuration.seconds(5)
  /// Pitch and length of an answering machine's beep: what a detector of beeps is held to.
  public static let beepHertz = 400...2000
  /// See `beepHertz`.
  public static let beepLength = CallDuration.milliseconds(200)...CallDuration.milliseconds(1500)
  /// How long an agent is put on hold.
  public static let hold = CallDuration.seconds(1)...CallDuration.seconds(120)
  /// Longest latency that can be asked for.
  public static let latency = CallDuration.milliseconds(50)...CallDuration.seconds(60)
  /// Longest yield time that can be asked for.
  public static let yield = CallDuration.milliseconds(20)...CallDuration.seconds(10)
  /// Length of a call, as expected or at most.
  public static let duration = CallDuration.seconds(1)...CallDuration.seconds(600)
  /// Moment at which the connection breaks.
  public static let disconnectAfter = CallDuration.milliseconds(100)...CallDuration.seconds(600)
  /// How much slower an engine may be made.
  public static let slowness = CallDuration.milliseconds(10)...CallDuration.seconds(30)
  /// Speech over noise, in dB.
  public static let noiseRatio = -10...60
  /// Level of the caller's speech, in dB.
  public static let level = -40...20
  /// Level of the agent's voice in the caller's microphone, in dB.
  public static let echoLevel = -60 ... -6
  /// Delay of that.
  public static let echoDelay = CallDuration.zero...CallDuration.seconds(1)
  /// Packets lost or doubled, in tenths of a per cent.
  public static let permille = 0...500
  /// Mean length of a run of lost packets.
  public static let burst = 1...20
  /// Delay and jitter of the network.
  public static let networkDelay = CallDuration.zero...CallDuration.seconds(5)
}
