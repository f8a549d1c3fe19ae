import COnnxRuntime
import CallCore

/// ONNX Runtime, opened from the engine folder. Opened once and never closed; safe to share by threads.
final class OnnxLibrary: Sendable {
  /// Safe to share: the C API's functions may be called from any thread.
  nonisolated(unsafe) let runtime: OpaquePointer

  /// - Parameter path: of `libonnxruntime.so`.
  /// - Throws: `.modelUnavailable` with the path when it cannot be loaded or is older than API version 17 (1.17).
  init(path: String) throws(EngineError) {
    var message = [CChar](repeating: 0, count: OnnxMessage.bytesMax)
    guard let runtime = onnx_open(path, &message, message.count) else { throw .modelUnavailable(path: path) }
    self.runtime = runtime
  }
}
