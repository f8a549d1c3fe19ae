import ArgumentParser
import CallClient
import CallCore
import CallDriver
import Engines
import JSON
import Simulation

struct CallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "Place one call from the terminal.",
    usage: "voiceforge call (--say TEXT | --audio FILE | --keys KEYS | --type TEXT | --interrupt MS) ... [OPTIONS]",
    discussion: """
      EXAMPLES
        voiceforge call --say "I would like to book." --say "Next Tuesday."
        voiceforge call --audio hello.wav --keys 4711# --flow order-status
        voiceforge call --interrupt 800 --say "What are your opening hours?"
        voiceforge call --say "Goodbye." --save call.wav --json > call.json
        voiceforge call --say "Goodbye." --trace call.jsonl && voiceforge replay call.jsonl
        voiceforge call --target ws://desk.example:8080/v1/call --audio hello.wav
        voiceforge call --phone +15550100 --case hours.yaml --public-url https://voice.example

      Turns are taken in the order given, each when the agent has finished, or over its voice behind --interrupt. Without \
      --target the server on this machine is called; when none runs, one is started for the call. Ctrl-C hangs up.

      Exits 0 when the call went as planned, 1 when it failed, 2 for wrong input, 3 when it ended before every turn was said, and \
      4 when the target could not be reached.
      """)

  @Option(help: ArgumentHelp("Say a text; repeatable.", valueName: "text"), transform: CallStep.say)
  var say: [CallStep] = []
  @Option(
    help: ArgumentHelp("Play a sound file as a turn; repeatable.", valueName: "file"), transform: CallStep.play)
  var audio: [CallStep] = []
  @Option(help: "Press keys (0-9, *, #); repeatable.", transform: CallStep.press)
  var keys: [CallStep] = []
  @Option(help: ArgumentHelp("Type a text; repeatable.", valueName: "text"), transform: CallStep.type)
  var type: [CallStep] = []
  @Option(
    help: ArgumentHelp("Take the next turn over the agent's voice, so long after it began.", valueName: "ms"),
    transform: CallStep.interrupt)
  var interrupt: [CallStep] = []
  @Option(help: "The flow to talk to.")
  var flow = "appointment"
  @Option(help: ArgumentHelp("Address of the server, such as ws://127.0.0.1:8080/v1/call.", valueName: "url"))
  var target: String?
  @OptionGroup var access: KeyOption
  @OptionGroup var phone: PhoneOptions
  @Option(help: ArgumentHelp("Flow files: start a server with them for this call.", valueName: "folder"))
  var flows: String?
  @Option(help: "The agent's voice (default: the flow's).")
  var voice: String?
  @Option(help: ArgumentHelp("The voice of --say (default: another one than the agent's).", valueName: "voice"))
  var callerVoice: String?
  @Option(
    help: ArgumentHelp("Write both sides as the caller heard them: stereo WAV, caller left.", valueName: "file"))
  var save: String?
  @Option(
    help: ArgumentHelp(
      "Write the call's events and actions, for `voiceforge replay`: start a server that does for this call.",
      valueName: "file"))
  var trace: String?
  @Flag(help: "Print one JSON document at the end.")
  var json = false

  func validate() throws {
    guard phone.phone == nil || (target ?? flows ?? trace ?? voice ?? save ?? access.key) == nil else {
      throw ValidationError(
        "--phone calls a telephone: leave out --target, --flows, --voice, --save, --trace and --key; --report keeps the sound"
      )
    }
    guard target == nil || flows == nil else {
      throw ValidationError("--flows is for a server of one's own: leave out --target")
    }
    guard target == nil || trace == nil else {
      throw ValidationError(
        "--trace is written by the server: leave out --target, or start that one with `voiceforge serve --trace-dir FOLDER`"
      )
    }
  }

  func run() throws {
    StopSignal.block()
    if let number = phone.phone {
      let call = PhoneCall(
        options: phone, number: number, steps: say + audio + keys + type + interrupt, voice: callerVoice, isJSON: json)
      return try call.run(try Settings())
    }
    let plan = try CallPlan(say + audio + keys + type + interrupt)
    guard !plan.turns.isEmpty else {
      throw CommandFault("the caller has nothing to say: add --say TEXT, --audio FILE.wav, --keys 123# or --type TEXT")
    }
    if let save { try AudioOutput.check(save) }
    if let trace { try TraceFolder.check(trace) }
    let settings = try Settings()
    let callServer =
      try target.map { CallServerChoice(try CallTarget.reached($0)) }
      ?? CallServerChoice.openHere(settings, flows: flows, trace: trace)
    let outcome: CallOutcome
    do { outcome = try place(plan, over: callServer, settings, key: access.key(settings)) } catch {
      callServer.close()
      throw error
    }
    callServer.close()  // which writes what is left of the trace
    try report(outcome, traceFault: callServer.traceFault)
  }

  private func place(_ plan: CallPlan, over callServer: CallServerChoice, _ settings: Settings, key: String?) throws
    -> CallOutcome
  {
    let engines = try engines(for: plan, callServer, settings)
    let codecs = engines?.codecs ?? AudioCodecCatalog()
    let maker = ScriptMaker(codecs: codecs, engines: engines, voice: callerVoice ?? ScriptMaker.voice(besides: voice))
    var script = try maker.script(for: plan, flow: flow)
    script.voice = voice
    var call = TerminalCall(script: script, url: callServer.url, key: key, codecs: codecs, keepsSamples: save != nil)
    if json || save == "-" { call.output = TerminalOutput.errors.isTerminal ? .errors : nil }
    let (report, wasStopped) = try call.run()
    if let save, !report.callerSamples.isEmpty {
      let tracks = CallTracks(microphone: report.callerSamples, agent: report.agentSamples)
      try AudioOutput.write(CallSound.wav(of: tracks), to: save)
    }
    return CallOutcome(
      report: report, url: callServer.url, script: script, wasStopped: wasStopped,
      saved: report.callerSamples.isEmpty ? nil : save)
  }

  /// Recordings, keys and typed turns need no engine here.
  private func engines(for plan: CallPlan, _ callServer: CallServerChoice, _ settings: Settings) throws -> (
    any SpeechEngines
  )? {
    try callServer.engines ?? (plan.isSpoken ? EngineCatalog.load("the voices", settings) : nil)
  }

  private func report(_ outcome: CallOutcome, traceFault: String?) throws {
    if json { Terminal.line(outcome.jsonText) }
    if let lateness = outcome.lateness { Terminal.errorLine("voiceforge: \(lateness)") }
    if let saved = outcome.saved, saved != "-" {
      Terminal.errorLine("Saved \(saved): stereo, caller left, agent right.")
    }
    if let traceFault {
      Terminal.errorLine("voiceforge: the call went on, but its trace cannot be written: \(traceFault)")
    }
    if let fault = outcome.fault { throw fault }
    if traceFault != nil { throw CommandFault("the trace is incomplete; name another file with --trace", .failed) }
    if let trace { Terminal.errorLine("Traced into \(trace); `voiceforge replay \(trace)` repeats it.") }
  }
}
