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
    var session: OpaquePointer?
    guard onnx_load(library.runtime, path, &session) == 0, let session else {
      throw .modelUnavailable(path: path)
    }
    self.library = library
    self.session = session
  }

  deinit { onnx_unload(library.runtime, session) }
}

/// One set of inputs and outputs of a model, over memory that it owns. Allocates nothing per run as long as every output is
/// held here. Used by one thread at a time.
final class OnnxRun {
  private let model: OnnxModel
  private var memory: [UnsafeMutableRawPointer] = []
  private let names: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private let tensors: UnsafeMutablePointer<OpaquePointer?>
  private let inputCount: Int
  private let outputCount: Int
  private var filled = 0

  /// - Parameters:
  ///   - inputs: names of the model's inputs; each must get a tensor before the first run.
  ///   - outputs: names of the outputs wanted. One that gets no tensor is made anew by each run.
  init(_ model: OnnxModel, inputs: [String], outputs: [String]) {
    self.model = model
    inputCount = inputs.count
    outputCount = outputs.count
    names = .allocate(capacity: inputs.count + outputs.count)
    tensors = .allocate(capacity: inputs.count + outputs.count)
    for (index, name) in (inputs + outputs).enumerated() {
      names[index] = UnsafePointer(strdup(name))
      tensors[index] = nil
    }
  }

  deinit {
    for index in 0..<(inputCount + outputCount) {
      if let tensor = tensors[index] { onnx_tensor_release(model.library.runtime, tensor) }
      free(UnsafeMutablePointer(mutating: names[index]))
    }
    for block in memory { block.deallocate() }
    names.deallocate()
    tensors.deallocate()
  }

  /// Gives tensor `index` (inputs first, then outputs) memory of this shape, all zero, and lends it.
  func allocate<Element>(_ index: Int, shape: [Int64], of element: Element.Type) throws(EngineError)
    -> UnsafeMutableBufferPointer<Element>
  {
    let count = Int(shape.reduce(1, *))
    let values = UnsafeMutableBufferPointer<Element>.allocate(capacity: count)
    let block = UnsafeMutableRawBufferPointer(values)
    block.initializeMemory(as: UInt8.self, repeating: 0)
    guard let start = block.baseAddress else { throw .unsupported("a tensor without values") }
    memory.append(start)
    let kind = element == Float.self ? OnnxElementFloat : OnnxElementInt64
    var tensor: OpaquePointer?
    let code = onnx_tensor(
      model.library.runtime, start, block.count, shape, shape.count, Int32(kind), &tensor)
    guard code == 0 else { throw .library(function: "CreateTensorWithDataAsOrtValue", code: Int(code)) }
    tensors[index] = tensor
    return values
  }

  /// Runs the model once.
  func run() throws(EngineError) {
    let code = onnx_run(
      model.library.runtime, model.session, names, tensors, inputCount, names + inputCount, outputCount,
      tensors + inputCount)
    guard code == 0 else { throw .library(function: "OrtApi.Run", code: Int(code)) }
  }

  /// The values of tensor `index` after a run, valid until the next run or the end of this object.
  func values(_ index: Int) throws(EngineError) -> UnsafeBufferPointer<Float> {
    var start: UnsafeMutablePointer<Float>?
    var count = 0
    let code = onnx_tensor_values(model.library.runtime, tensors[index], &start, &count)
    guard code == 0 else { throw .library(function: "GetTensorMutableData", code: Int(code)) }
    return UnsafeBufferPointer(start: start, count: count)
  }
}

/// ONNX Runtime, opened from the engine folder. Opened once and never closed; safe to share by threads.
final class OnnxLibrary: Sendable {
  /// Safe to share: the C API's functions may be called from any thread.
  nonisolated(unsafe) let runtime: OpaquePointer

  /// - Parameter path: of `libonnxruntime.so`.
  /// - Throws: `.modelUnavailable` with the path when it cannot be loaded or is older than API version 17 (1.17).
  init(path: String) throws(EngineError) {
    guard let runtime = onnx_open(path) else { throw .modelUnavailable(path: path) }
    self.runtime = runtime
  }
}
