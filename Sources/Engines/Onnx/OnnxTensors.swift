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

/// Walks over the fields of one protobuf message in memory (protobuf.dev, "Encoding"), without copying.
struct ProtobufFields {
  /// The bytes are no message: a field is cut off, too long or of a kind that protobuf does not have any more.
  struct Malformed: Error {}

  /// What a field holds.
  enum Value {
    /// A varint or a number of fixed size.
    case number(UInt64)
    /// A text, a block of bytes, or a message.
    case bytes(UnsafeRawBufferPointer)
  }

  private let message: UnsafeRawBufferPointer
  private var at = 0

  /// - Parameter message: must outlive the walk and what it lends.
  init(_ message: UnsafeRawBufferPointer) { self.message = message }

  /// The next field with its number, or `nil` behind the last one.
  mutating func next() throws(Malformed) -> (field: UInt64, value: Value)? {
    guard at < message.count else { return nil }
    let key = try varint()
    switch key & 7 {
    case 0: return (key >> 3, .number(try varint()))
    case 1: return (key >> 3, .number(try fixed(8)))
    case 2: return (key >> 3, .bytes(try block(varint())))
    case 5: return (key >> 3, .number(try fixed(4)))
    default: throw Malformed()
    }
  }

  /// Every number in a block of packed varints.
  static func packed(_ block: UnsafeRawBufferPointer) throws(Malformed) -> [UInt64] {
    var fields = ProtobufFields(block)
    var numbers: [UInt64] = []
    while fields.at < block.count { numbers.append(try fields.varint()) }
    return numbers
  }

  private mutating func varint() throws(Malformed) -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard at < message.count else { throw Malformed() }
      let byte = UInt64(message[at])
      at += 1
      number |= (byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    throw Malformed()
  }

  private mutating func fixed(_ count: UInt64) throws(Malformed) -> UInt64 {
    try block(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func block(_ count: UInt64) throws(Malformed) -> UnsafeRawBufferPointer {
    guard count <= UInt64(message.count - at) else { throw Malformed() }
    defer { at += Int(count) }
    return UnsafeRawBufferPointer(rebasing: message[at..<(at + Int(count))])
  }
}
