import COnnxRuntime
import CallCore
import CallDriver
import Glibc

/// Silero VAD as its authors run it, by ONNX Runtime: what our own detector is held against.
final class ReferenceDetector {
  struct Unavailable: Error {}

  private static let context = 64
  private let runtime: OpaquePointer
  private var session: OpaquePointer?
  private let input = UnsafeMutablePointer<Float>.allocate(capacity: context + SpeechDetectorWindow.samples)
  private let state = UnsafeMutablePointer<Float>.allocate(capacity: 256)
  private let rate = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
  private let output = UnsafeMutablePointer<Float>.allocate(capacity: 1)
  private let newState = UnsafeMutablePointer<Float>.allocate(capacity: 256)
  /// Inputs first, then outputs.
  private let names = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: 5)
  private let tensors = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: 5)

  init(folder: String) throws {
    guard let runtime = onnx_open("\(folder)/lib/libonnxruntime.so") else { throw Unavailable() }
    self.runtime = runtime
    let path = "\(folder)/silero/silero_vad_16k_op15.onnx"
    guard onnx_load(runtime, path, &session) == 0 else { throw Unavailable() }
    input.initialize(repeating: 0, count: Self.context + SpeechDetectorWindow.samples)
    state.initialize(repeating: 0, count: 256)
    rate.initialize(to: 16_000)
    let samples = Int64(Self.context + SpeechDetectorWindow.samples)
    try bindTensor(0, "input", input, [1, samples], OnnxElementFloat)
    try bindTensor(1, "state", state, [2, 1, 128], OnnxElementFloat)
    try bindTensor(2, "sr", rate, [1], OnnxElementInt64)
    try bindTensor(3, "output", output, [1, 1], OnnxElementFloat)
    try bindTensor(4, "stateN", newState, [2, 1, 128], OnnxElementFloat)
  }

  deinit {
    for index in 0..<5 {
      onnx_tensor_release(runtime, tensors[index])
      free(UnsafeMutablePointer(mutating: names[index]))
    }
    onnx_unload(runtime, session)
    for block in [input, state, output, newState] { block.deallocate() }
    rate.deallocate()
    names.deallocate()
    tensors.deallocate()
  }

  private func bindTensor<Element>(
    _ index: Int, _ name: String, _ values: UnsafeMutablePointer<Element>, _ shape: [Int64], _ kind: Int
  ) throws {
    names[index] = UnsafePointer(strdup(name))
    let bytes = Int(shape.reduce(1, *)) * MemoryLayout<Element>.size
    guard onnx_tensor(runtime, values, bytes, shape, shape.count, Int32(kind), &tensors[index]) == 0 else {
      throw Unavailable()
    }
  }

  /// - Returns: 0 … 1.
  func probability(of window: UnsafeBufferPointer<Int16>) throws -> Float {
    for index in window.indices { input[Self.context + index] = Float(window[index]) / 32768 }
    guard onnx_run(runtime, session, names, tensors, 3, names + 3, 2, tensors + 3) == 0 else {
      throw Unavailable()
    }
    state.update(from: newState, count: 256)
    input.update(from: input + SpeechDetectorWindow.samples, count: Self.context)
    return output[0]
  }
}
