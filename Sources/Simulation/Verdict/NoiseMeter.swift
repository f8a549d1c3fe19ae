import CallCore

/// Measures the noise in the caller's microphone, as it was delivered.
struct NoiseMeter {
  /// Distance from the caller's and the agent's voice within which nothing counts as noise: filters ring, and edges are soft.
  static let margin = CallDuration.milliseconds(50)
  /// Least noise alone that is measured. The level of anything shorter is luck.
  static let noiseMin = CallDuration.milliseconds(200)
  /// Speech is measured in frames of 20 ms, as it is where the noise is scaled to it (`VoicePower`).
  private static let frameSamples = 320

  private let tracks: CallTracks
  private let caller: [SpeechSpan]
  /// Where the agent's echo is to be expected; empty without echo.
  private let echo: [SpeechSpan]

  init(_ call: CallReading, tracks: CallTracks) {
    self.tracks = tracks
    caller = call.evidence.callerSpeech
    let delay = call.testCase.world.echo?.delay
    echo =
      delay.map { delay in
        call.evidence.agentSpeech.map { SpeechSpan(start: $0.start + delay, end: $0.end + delay) }
      } ?? []
  }

  /// Power of the caller's speech over that of the noise, in tenths of a dB; `nil` when either cannot be measured.
  func ratioTenths() -> Int? {
    let noise = TrackPower(of: tracks.microphone, in: gaps())
    guard noise.count * 1000 >= Self.noiseMin.milliseconds * CallTracks.sampleRate else { return nil }
    return PowerRatio.tenths(powerWhileSpeaking() - noise.mean, over: noise.mean)
  }

  /// Mean square of the microphone in frames where the voice is at most 30 dB below its loudest and no echo can be.
  private func powerWhileSpeaking() -> Double {
    let voice = SpeechFinder.energies(of: tracks.voice, pieceSamples: Self.frameSamples)
    let microphone = SpeechFinder.energies(of: tracks.microphone, pieceSamples: Self.frameSamples)
    let silent = max((voice.max() ?? 0) / SpeechFinder.range, SpeechFinder.surelySilent * Self.frameSamples)
    var sum = 0
    var count = 0
    for (frame, energy) in zip(voice, microphone).enumerated() where energy.0 > silent && !isInEcho(frame) {
      sum += energy.1
      count += 1
    }
    return count == 0 ? 0 : Double(sum) / Double(count * Self.frameSamples)
  }

  private func isInEcho(_ frame: Int) -> Bool {
    guard !echo.isEmpty else { return false }
    let start = Timestamp.zero + .milliseconds(20) * frame
    return CallMeter.audible(echo, in: SpeechSpan(start: start, end: start + .milliseconds(20))) > .zero
  }

  /// What lies at least `margin` away from every voice.
  private func gaps() -> [SpeechSpan] {
    let length = CallDuration.microseconds(Int64(tracks.microphone.count) * 1_000_000 / Int64(CallTracks.sampleRate))
    let end = Timestamp.zero + length
    var gaps: [SpeechSpan] = []
    var free = Timestamp.zero
    for span in (caller + echo).sorted(by: { $0.start < $1.start }) {
      let until = min(span.start - Self.margin, end)
      if until > free { gaps.append(SpeechSpan(start: free, end: until)) }
      free = max(free, span.end + Self.margin)
    }
    if end > free { gaps.append(SpeechSpan(start: free, end: end)) }
    return gaps
  }
}
