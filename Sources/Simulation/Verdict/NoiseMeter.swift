import CallCore
import CallDriver

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
    caller = (call.evidence.callerSpeech + Self.keyTones(of: call)).sorted { $0.start < $1.start }
    echo = call.testCase.world.echo.map { echo in call.evidence.agentSpeech.map { $0.moved(by: echo.delay) } } ?? []
  }

  /// Where keys sound in the microphone, which hears nothing else then; empty where they are sent as messages. A key begins with the next frame.
  private static func keyTones(of call: CallReading) -> [SpeechSpan] {
    guard call.testCase.world.keys == .inBand else { return [] }
    let length = KeyToneSound.toneLength + KeyToneSound.pauseLength
    return call.evidence.acts.flatMap(\.keys).map { SpeechSpan(start: $0.at, end: $0.at + length) }
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
    let end = Timestamp.zero + CallTracks.length(tracks.microphone.count)
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

/// Measures what of a voice lies above the band of a telephone line of 8 kHz.
enum TelephoneMeter {
  /// Half of a symmetric high-pass filter from 4 kHz, from its middle on, in 2⁻¹⁵: a windowed sinc (Hamming) of 63 taps for a track of
  /// 16 kHz. Below 3.6 kHz it is down by 47 dB, above 4.3 kHz by less than 0.5 dB. Its even taps are zero and left out.
  private static let oddTaps: [Int] = [
    -10407, 3408, -1973, 1334, -964, 718, -540, 407, -304, 223, -161, 113, -77, 52, -36, 28,
  ]
  private static let middleTap = 16384
  private static let halfLength = 31
  /// Speech that is looked at. It is enough, and a second of it costs a quarter of a millisecond.
  private static let samplesMax = 3 * CallTracks.sampleRate

  /// Power above 4 kHz against all power where the caller speaks, in tenths of a dB; `nil` without speech or without anything above.
  static func highBandTenths(in track: [Int16], speech: [SpeechSpan]) -> Int? {
    var high = 0
    var all = 0
    var left = samplesMax
    track.withUnsafeBufferPointer { samples in
      for span in speech where left > 0 {
        let first = max(CallTracks.position(of: span.start), halfLength)
        let end = min(CallTracks.position(of: span.end), samples.count - halfLength, first + left)
        guard first < end else { continue }
        left -= end - first
        for position in first..<end {
          let value = filtered(samples, at: position)
          high &+= value &* value
          all &+= Int(samples[position]) &* Int(samples[position])
        }
      }
    }
    return PowerRatio.tenths(Double(high), over: Double(all))
  }

  private static func filtered(_ samples: UnsafeBufferPointer<Int16>, at position: Int) -> Int {
    var sum = middleTap &* Int(samples[position])
    for (index, tap) in oddTaps.enumerated() {
      let distance = 2 * index + 1
      sum &+= tap &* (Int(samples[position - distance]) &+ Int(samples[position + distance]))
    }
    return sum >> 15
  }
}
