import CallCore
import Wires

/// A target that holds no call to its end, and what a simulated caller is to make of it.
struct BadTarget: Sendable {
  let name: String
  /// Exit code.
  let status: Int32
  /// Of the case.
  let verdict: String
  /// What is said about it, with what to do.
  let messages: [String]
  /// When the run must be over: a caller that hangs up after 2 s and waits for 10 s, on a machine that is busy.
  var limit = Duration.seconds(25)
  /// What it does with a connection; `nil`: nobody listens.
  let script: (@Sendable (ScriptedLine) -> Void)?

  /// Those that wait longest stand first.
  static let all = hanging + refusing + talkingRubbish + vanishing

  private static let hanging = [
    BadTarget(
      name: "never `ended`", status: 1, verdict: "failed",
      messages: ["the target does not answer: no `ended` after the hang-up within 10 s; look at the"],
      script: inCall {
        $0.sendReady()
        $0.waitForEnd()
      }),
    BadTarget(
      name: "never `ready`", status: 1, verdict: "failed",
      messages: ["the target does not answer: no `ready` to `start` within 10 s; look at the"],
      script: inCall { $0.waitForEnd() }),
    BadTarget(
      name: "silent", status: 4, verdict: "invalid",
      messages: ["no answer within 5", "start a server there with `voiceforge serve`"],
      script: { $0.waitForEnd() }),
    BadTarget(
      name: "ended, and the connection stays", status: 1, verdict: "failed",
      messages: ["0 were reached, and the call ended: completed"], limit: .seconds(10),
      script: inCall {
        $0.sendReady()
        var record = CallRecord(flow: "appointment", voice: "heart")
        record.reason = .completed
        $0.send(.ended(.completed, CallDocument(record, recordingBytes: nil)))
        $0.waitForEnd()
      }),
  ]

  private static let refusing = [
    BadTarget(
      name: "nobody", status: 4, verdict: "invalid",
      messages: ["nobody answers at http://127.0.0.1:", "start a server there with `voiceforge serve`, or leave out"],
      script: nil),
    BadTarget(
      name: "503", status: 3, verdict: "invalid",
      messages: ["the target refused the call: all 2 lines are busy; try again in 7 s, or with fewer --jobs (503)"],
      script: answering(503, headers: "retry-after: 7\r\n", body: #"{"detail":"all 2 lines are busy"}"#)),
    BadTarget(
      name: "404", status: 4, verdict: "invalid",
      messages: ["refused the call with status 404; calls of VoiceForge are placed at ws://HOST:PORT/v1/call"],
      script: answering(404)),
    BadTarget(
      name: "says no", status: 3, verdict: "invalid",
      messages: ["the target refused the call: there is no appointment; there is pizza (out-of-range)"],
      script: inCall {
        $0.send(.error(code: "out-of-range", message: "there is no appointment; there is pizza", fatal: true))
        $0.waitForEnd()
      }),
  ]

  private static let wireAdvice = "check that it is a VoiceForge server of this version"

  private static let talkingRubbish = [
    BadTarget(
      name: "not HTTP", status: 4, verdict: "invalid",
      // Whether the words or the end of the connection are noticed first is a matter of luck.
      messages: ["nobody answers ", "start a server there with `voiceforge serve`, or "],
      script: { $0.write("SSH-2.0-OpenSSH_9.2\r\n") }),
    BadTarget(
      name: "not HTTP, and stays", status: 4, verdict: "invalid", messages: ["no answer within 5"],
      script: {
        $0.write("SSH-2.0-OpenSSH_9.2\r\n")
        $0.waitForEnd()
      }),
    BadTarget(
      name: "wrong handshake", status: 4, verdict: "invalid",
      messages: ["the target could not be reached: ", "correct --target"],
      script: { line in
        guard let request = line.readRequest() else { return }
        if !line.upgrade(request, isRight: false) { line.respond(404) }
      }),
    BadTarget(
      name: "no JSON", status: 1, verdict: "failed",
      messages: ["the target sent what is not on the wire: ", wireAdvice],
      script: inCall {
        $0.send(text: "Hello, this is the Harbour Clinic.")
        $0.waitForEnd()
      }),
    BadTarget(
      name: "truncated packet", status: 1, verdict: "failed", messages: ["wire: a bad packet (", wireAdvice],
      script: inCall {
        $0.sendReady()
        $0.send(binary: [1, 1, 0])
        $0.waitForEnd()
      }),
    BadTarget(
      name: "half a sample", status: 1, verdict: "failed",
      messages: ["wire: audio that cannot be decoded (", wireAdvice],
      script: inCall {
        $0.sendReady()
        $0.send(binary: [1, 1] + [UInt8](repeating: 0, count: 14) + [0, 1, 2])
        $0.waitForEnd()
      }),
    BadTarget(
      name: "audio before `ready`", status: 1, verdict: "failed",
      messages: ["wire: audio before `ready`; \(wireAdvice)"],
      script: inCall {
        $0.sendTone(sequence: 0)
        $0.waitForEnd()
      }),
  ]

  private static let vanishing = [
    BadTarget(
      name: "vanishes", status: 1, verdict: "failed",
      messages: ["the connection broke off: the server went away without a word; look at the"],
      script: inCall { talk(on: $0) }),
    BadTarget(
      name: "resets", status: 1, verdict: "failed",
      messages: ["the connection broke off: the server went away without a word; look at the"],
      script: inCall {
        talk(on: $0)
        $0.reset()
      }),
    BadTarget(
      name: "closes", status: 1, verdict: "failed",
      messages: ["the connection broke off: close code 1011, out of order; look at the"],
      script: inCall {
        talk(on: $0)
        $0.sendClose(code: 1011, reason: "out of order")
        $0.waitForEnd()
      }),
  ]

  /// Some sound of both sides.
  private static func talk(on line: ScriptedLine) {
    line.sendReady()
    line.readPackets(10)
    for sequence in 0..<10 { line.sendTone(sequence: UInt32(sequence)) }
    line.readPackets(10)
  }

  private static func answering(
    _ status: Int, headers: String = "", body: String = ""
  ) -> @Sendable (ScriptedLine) -> Void {
    { line in
      if line.readRequest() != nil { line.respond(status, headers: headers, body: body) }
    }
  }

  /// Takes calls. A request for anything else is answered 404, as by a server that is not ours.
  /// - Parameter script: goes on once `start` was read.
  private static func inCall(_ script: @escaping @Sendable (ScriptedLine) -> Void) -> @Sendable (ScriptedLine) -> Void {
    { line in
      guard let request = line.readRequest() else { return }
      guard line.upgrade(request) else { return line.respond(404) }
      if case .text = line.read() { script(line) }
    }
  }
}
