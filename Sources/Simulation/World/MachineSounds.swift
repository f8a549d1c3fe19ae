import CallCore
import CallDriver

extension CallerAction {
  /// How long it sounds behind its words.
  var soundBehindWords: CallDuration {
    switch self {
    case .answerAsMachine(_, let beep): MachineBeep.pause + beep.length
    case .hold(_, let length): length
    case .say, .play, .press, .staySilent, .backchannel, .hangUp: .zero
    }
  }
}

extension MachineBeep {
  /// The pause and the beep, 16 kHz.
  var samples: [Int16] {
    var tone = SineTone(hertz: hertz, rate: CallTracks.sampleRate)
    let pause = [Int16](repeating: 0, count: CallTracks.position(of: .zero + Self.pause))
    return pause + (0..<CallTracks.position(of: .zero + length)).map { _ in Int16(6000 * tone.next()) }
  }
}
