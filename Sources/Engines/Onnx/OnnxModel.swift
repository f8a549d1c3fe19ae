import COnnxRuntime
import CallCore
import Glibc

/// A model file, loaded with one thread per run. Safe to run by several threads at once.
final class OnnxModel: Sendable {
  let library: OnnxLibrary
  /// Safe to share: a session may be run concurrently.
  nonisolated(unsafe) let session: OpaquePointer

  /// - Throws: `.modelUnavailable` with the path when the file is absent, unreadable or no model.
  init(path: String, library: OnnxLibrary) throws(EngineError) {
    guard access(path, R_OK) == 0 else { throw .modelUnavailable(path: path) }
    var message = [CChar](repeating: 0, count: OnnxMessage.bytesMax)
    var session: OpaquePointer?
    guard onnx_load(library.runtime, path, &session, &message, message.count) == 0, let session else {
      throw .modelUnavailable(path: path)
    }
    self.library = library
    self.session = session
  }

  deinit { onnx_unload(library.runtime, session) }
}
