import CallCore

/// The checks of the whole call that are made without being written.
struct CallChecks {
  let call: CallReading
  let metrics: CallMetrics

  func checks() -> [CheckResult] {
    [line(), call.isHeld ? coverage() : nil].compactMap(\.self)
  }

  private func line() -> CheckResult? {
    var check = CheckResult(
      .line, verdict: .passed, expected: "the call is held to its end", actual: "it was", at: call.end)
    if let failure = call.evidence.failure, !call.isAskedFor(failure) {
      (check.verdict, check.actual) = (failure.isTargets ? .failed : .invalid, failure.description)
    } else if let trouble = call.trouble {
      (check.verdict, check.actual, check.at) = (.failed, trouble.text, trouble.at)
    }
    return check
  }

  /// A call that was to break cannot be held to reach every turn; and a caller cannot hang up on an agent that hung up before.
  private func coverage() -> CheckResult? {
    if call.brokeAsAsked { return nil }
    let missing = call.testCase.turns.filter { turn in
      let isOverAnyway = turn.action == .hangUp && call.isOver
      return call.act(turn.number) == nil && !isOverAnyway
    }
    let whole = "\(metrics.turnsWritten) of \(metrics.turnsWritten) turns"
    guard !missing.isEmpty else {
      return CheckResult(.coverage, verdict: .passed, expected: whole, actual: "all were reached")
    }
    let end = call.reason.map { ", and the call ended: \($0.rawValue)" } ?? ""
    return CheckResult(
      .coverage, verdict: .failed, expected: whole, actual: "\(metrics.turnsReached) were reached\(end)", at: call.end,
      line: missing.first?.line ?? 0)
  }
}

/// Whether the room and the line were as the case asks.
struct WorldChecks {
  /// How far the noise may be from what was asked, in tenths of a dB.
  static let noiseTolerance = 10
  /// Least distance of what is above 4 kHz from the speech, in tenths of a dB.
  static let bandMin = 300
  /// How far the loss may be from what was asked, in tenths of a per cent, however many packets there were.
  static let lossTolerance = 10
  /// Share of frames that may be late, in per cent: a generator that is late itself says nothing about the target.
  static let latePercentMax = 1

  let call: CallReading
  let metrics: CallMetrics

  /// One for each thing that was asked and can be measured in this kind of call.
  func checks() -> [CheckResult] {
    [lateness(), noise(), band(), loss(), disconnect()].compactMap(\.self)
  }

  private func lateness() -> CheckResult? {
    let evidence = call.evidence
    guard evidence.mode == .live, evidence.sentFrames > 0 else { return nil }
    return check(
      evidence.lateFrames * 100 <= evidence.sentFrames * Self.latePercentMax,
      "at most \(Self.latePercentMax) % of the caller's frames leave over 20 ms late",
      "\(evidence.lateFrames) of \(evidence.sentFrames)")
  }

  /// The noise is scaled to all that the caller would say, so it can only be checked when all of it was said.
  private func noise() -> CheckResult? {
    guard let noise = call.testCase.world.noise, call.evidence.tracks != nil, !call.evidence.callerSpeech.isEmpty,
      call.testCase.turns.allSatisfy({ !$0.action.isSpoken || call.act($0.number) != nil })
    else { return nil }
    let expected = "speech \(noise.ratio) dB over the noise, within \(ReportFormat.tenths(Self.noiseTolerance)) dB"
    guard let measured = metrics.noiseRatioTenths else {
      return check(false, expected, "there is no stretch in which the noise can be measured")
    }
    return check(
      abs(measured - noise.ratio * 10) <= Self.noiseTolerance, expected, "\(ReportFormat.tenths(measured)) dB")
  }

  private func band() -> CheckResult? {
    guard call.testCase.world.isTelephone, let tracks = call.evidence.tracks, !call.evidence.callerSpeech.isEmpty
    else { return nil }
    let high = TelephoneMeter.highBandTenths(in: tracks.microphone, speech: call.evidence.callerSpeech)
    return check(
      (high ?? .min) <= -Self.bandMin,
      "what is above 4 kHz is at least \(ReportFormat.tenths(Self.bandMin)) dB below the caller's speech",
      high.map { "\(ReportFormat.tenths($0)) dB" } ?? "nothing is above 4 kHz")
  }

  private func loss() -> CheckResult? {
    let network = call.testCase.world.network
    let counts = call.evidence.network
    guard counts.sent > 0, network.lossPermille > 0 || counts.lost > 0 else { return nil }
    let tolerance = Self.lossTolerance(of: network, packets: counts.sent)
    let difference = Double(counts.lost) / Double(counts.sent) * 1000 - Double(network.lossPermille)
    return check(
      difference.magnitude <= tolerance,
      "\(ReportFormat.tenths(network.lossPermille)) % of the packets are lost, within \(ReportFormat.tenths(Int(tolerance))) points",
      "\(counts.lost) of \(counts.sent)")
  }

  /// Three standard deviations of the share, in tenths of a per cent. Losses that come in runs of `lossBurst` are alike from packet to
  /// packet, which widens it as in any Markov chain of two states.
  private static func lossTolerance(of network: NetworkConditions, packets: Int) -> Double {
    let share = Double(network.lossPermille) / 1000
    guard share > 0, share < 1 else { return 0 }
    let likeness = max(1 - 1 / Double(network.lossBurst) - share / (Double(network.lossBurst) * (1 - share)), 0)
    let variance = share * (1 - share) / Double(packets) * (1 + likeness) / (1 - likeness)
    return max(3000 * variance.squareRoot(), Double(lossTolerance))
  }

  private func disconnect() -> CheckResult? {
    guard let after = call.testCase.world.disconnectAfter else { return nil }
    let isBroken = if case .brokenOff = call.evidence.failure { true } else { call.reason == .callerVanished }
    return check(
      isBroken, "the connection breaks after \(ReportFormat.span(after))",
      isBroken
        ? "it broke after \(ReportFormat.span(call.evidence.duration))"
        : "the call was over after \(ReportFormat.span(call.evidence.duration))")
  }

  private func check(_ isMet: Bool, _ expected: String, _ actual: String) -> CheckResult {
    CheckResult(.stimulus, verdict: isMet ? .passed : .invalid, expected: expected, actual: actual)
  }
}
