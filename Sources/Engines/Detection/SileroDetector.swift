import CSilero
package import CallCore
import CallDriver
import Glibc

/// Silero VAD for one call, computed by our own code (`CSilero`): the same probabilities as ONNX Runtime's within a thousandth
/// (`DetectorAgreementTests`), in a third of its time and without its 313 heap allocations per window.
package final class SileroDetector: SpeechDetector {
  private let model: SileroModel
  /// The network's memory and the last samples.
  private let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: SileroMemory)

  /// - Parameter model: shared by all calls.
  package init(_ model: SileroModel) {
    self.model = model
    memory.initialize(repeating: 0)
  }

  deinit { memory.deallocate() }

  package func probability(of window: UnsafeBufferPointer<Int16>) throws(EngineError) -> SpeechProbability {
    precondition(window.count == SpeechDetectorWindow.samples, "a window has 512 samples")
    let probability = silero_probability(model.weights, memory.baseAddress, window.baseAddress)
    // Finite weights may still overflow in a damaged file.
    guard probability >= 0 else { throw .library(function: "silero_probability", code: 0) }
    return SpeechProbability(thousandths: Int((probability * 1000).rounded()))
  }

  package func reset() { memory.update(repeating: 0) }
}

/// The weights of Silero VAD, shared by the detectors of all calls: 1.2 MB. Safe to share by threads: nothing changes them.
package final class SileroModel: Sendable {
  /// The network's tensors in the order of `silero_pack`, as `silero_vad_16k_op15.onnx` names them.
  private static let tensors: [(name: String, shape: [Int])] = [
    ("model.stft.forward_basis_buffer", [258, 1, 256]),
    ("model.encoder.0.reparam_conv.weight", [128, 129, 3]), ("model.encoder.0.reparam_conv.bias", [128]),
    ("model.encoder.1.reparam_conv.weight", [64, 128, 3]), ("model.encoder.1.reparam_conv.bias", [64]),
    ("model.encoder.2.reparam_conv.weight", [64, 64, 3]), ("model.encoder.2.reparam_conv.bias", [64]),
    ("model.encoder.3.reparam_conv.weight", [128, 64, 3]), ("model.encoder.3.reparam_conv.bias", [128]),
    ("model.decoder.rnn.weight_ih", [512, 128]), ("model.decoder.rnn.weight_hh", [512, 128]),
    ("model.decoder.rnn.bias_ih", [512]), ("model.decoder.rnn.bias_hh", [512]),
    ("model.decoder.decoder.2.weight", [1, 128, 1]), ("model.decoder.decoder.2.bias", [1]),
  ]

  private nonisolated(unsafe) let memory: UnsafeMutablePointer<Float>

  /// What `silero_probability` reads.
  var weights: UnsafePointer<Float> { UnsafePointer(memory) }

  /// - Parameter path: `silero_vad_16k_op15.onnx`.
  /// - Throws: `.modelUnavailable` with the path when the file is absent, unreadable or holds another network.
  package init(path: String) throws(EngineError) {
    guard let bytes = Self.read(path) else { throw .modelUnavailable(path: path) }
    let values = bytes.withUnsafeBytes(Self.values)
    guard values.count == SileroTensors, values.joined().allSatisfy(\.isFinite) else {
      throw .modelUnavailable(path: path)
    }
    memory = .allocate(capacity: SileroWeights)
    Self.withPointers(values[...], []) { silero_pack($0, memory) }
  }

  deinit { memory.deallocate() }

  /// - Returns: fewer than `tensors` when the bytes are not this model.
  private static func values(in model: UnsafeRawBufferPointer) -> [[Float]] {
    do throws(ProtobufFields.Malformed) {
      let file = try OnnxTensors(model: model)
      return tensors.compactMap { file.floats($0.name, shape: $0.shape) }
    } catch {
      return []
    }
  }

  /// Lends pointers to all of `values` at once.
  private static func withPointers(
    _ values: ArraySlice<[Float]>, _ lent: [UnsafePointer<Float>?], _ body: ([UnsafePointer<Float>?]) -> Void
  ) {
    guard let first = values.first else { return body(lent) }
    first.withUnsafeBufferPointer { withPointers(values.dropFirst(), lent + [$0.baseAddress], body) }
  }

  /// - Returns: `nil` for a file that cannot be read or is too large to be the model.
  private static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    guard fseek(file, 0, SEEK_END) == 0 else { return nil }
    let count = ftell(file)
    guard (1...OnnxTensors.bytesMax).contains(count), fseek(file, 0, SEEK_SET) == 0 else { return nil }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = fread(buffer.baseAddress, 1, count, file)
    }
  }
}
