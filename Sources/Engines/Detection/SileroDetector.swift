import CallCore
import CallDriver

/// Silero VAD for one call: 64 samples of context and the network's memory (1 KB), in tensors made once.
final class SileroDetector: SpeechDetector {
  /// Samples of the previous window that the network sees in front of the new ones, at 16 kHz.
  private static let context = 64

  private let run: OnnxRun
  private let input: UnsafeMutableBufferPointer<Float>
  private let state: UnsafeMutableBufferPointer<Float>
  private let output: UnsafeMutableBufferPointer<Float>
  private let newState: UnsafeMutableBufferPointer<Float>

  /// - Parameter model: `silero_vad_16k_op15.onnx`; input [1, 576], state [2, 1, 128], sr int64.
  init(_ model: OnnxModel) throws(EngineError) {
    run = OnnxRun(model, inputs: ["input", "state", "sr"], outputs: ["output", "stateN"])
    input = try run.hold(0, shape: [1, Int64(Self.context + SpeechDetectorWindow.samples)], of: Float.self)
    state = try run.hold(1, shape: [2, 1, 128], of: Float.self)
    let rate = try run.hold(2, shape: [1], of: Int64.self)
    rate[0] = 16000
    output = try run.hold(3, shape: [1, 1], of: Float.self)
    newState = try run.hold(4, shape: [2, 1, 128], of: Float.self)
  }

  func probability(of window: UnsafeBufferPointer<Int16>) throws(EngineError) -> SpeechProbability {
    precondition(window.count == SpeechDetectorWindow.samples, "a window has 512 samples")
    for index in window.indices { input[Self.context + index] = Float(window[index]) / 32768 }
    try run.run()
    for index in state.indices { state[index] = newState[index] }
    for index in 0..<Self.context { input[index] = input[SpeechDetectorWindow.samples + index] }
    return SpeechProbability(thousandths: Int((output[0] * 1000).rounded()))
  }

  func reset() {
    for index in state.indices { state[index] = 0 }
    for index in 0..<Self.context { input[index] = 0 }
  }
}
