/// The tensors of numbers that a model file carries, for networks that we compute ourselves.
///
/// Reads of the format (onnx.proto of ONNX 1.16) only `ModelProto.graph`, `GraphProto.initializer`, and of `TensorProto` the name,
/// the shape, the type and the raw bytes.
struct OnnxTensors {
  /// Larger files are refused: the models read here have about a megabyte.
  static let bytesMax = 16_000_000

  private enum Field {
    static let graph: UInt64 = 7
    static let initializer: UInt64 = 5
    static let shape: UInt64 = 1
    static let elementType: UInt64 = 2
    static let name: UInt64 = 8
    static let rawBytes: UInt64 = 9
  }
  /// `TensorProto.DataType.FLOAT`.
  private static let float: UInt64 = 1

  private struct Tensor {
    var name = ""
    var shape: [UInt64] = []
    var elementType: UInt64 = 0
    var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  private var tensors: [String: Tensor] = [:]

  /// - Parameter model: the whole file; must outlive this value.
  init(model: UnsafeRawBufferPointer) throws(ProtobufFields.Malformed) {
    var model = ProtobufFields(model)
    while let (field, value) = try model.next() {
      guard field == Field.graph, case .bytes(let bytes) = value else { continue }
      var graph = ProtobufFields(bytes)
      while let (field, value) = try graph.next() {
        guard field == Field.initializer, case .bytes(let bytes) = value else { continue }
        let tensor = try Self.tensor(bytes)
        tensors[tensor.name] = tensor
      }
    }
  }

  /// The values of one tensor, row-major.
  /// - Returns: `nil` when there is none of this name, shape and kind.
  func floats(_ name: String, shape: [Int]) -> [Float]? {
    guard let tensor = tensors[name], tensor.elementType == Self.float, tensor.shape == shape.map(UInt64.init) else {
      return nil
    }
    let count = shape.reduce(1, *)
    guard tensor.bytes.count == count * 4 else { return nil }
    return (0..<count).map { index in
      let bits = tensor.bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
      return Float(bitPattern: UInt32(littleEndian: bits))
    }
  }

  private static func tensor(_ message: UnsafeRawBufferPointer) throws(ProtobufFields.Malformed) -> Tensor {
    var tensor = Tensor()
    var fields = ProtobufFields(message)
    while let (field, value) = try fields.next() {
      switch (field, value) {
      case (Field.shape, .number(let size)): tensor.shape.append(size)
      case (Field.shape, .bytes(let sizes)): tensor.shape += try ProtobufFields.packed(sizes)
      case (Field.elementType, .number(let type)): tensor.elementType = type
      case (Field.name, .bytes(let name)): tensor.name = String(decoding: name, as: UTF8.self)
      case (Field.rawBytes, .bytes(let bytes)): tensor.bytes = bytes
      default: break
      }
    }
    return tensor
  }
}
