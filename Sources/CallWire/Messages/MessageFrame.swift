extension JSONFields {
  /// The members of a text frame; `place` is its `type`.
  init(frame: UnsafeRawBufferPointer, bytesMax: Int, nestingMax: Int) throws(WireFault) {
    guard frame.count <= bytesMax else {
      throw WireFault(.messageTooLarge, "message: expected at most \(bytesMax) bytes, got \(frame.count)")
    }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: frame, nestingMax: nestingMax)
    } catch {
      throw WireFault(error.kind == .tooDeep ? .tooDeep : .malformedJSON, "message: \(error)")
    }
    guard case .object = value else {
      throw WireFault(.wrongType, "message: expected an object, got \(value.summary)")
    }
    guard let type = value["type"] else {
      throw WireFault(.missingField, "type: expected the message's type, got nothing")
    }
    guard case .string(let name) = type else {
      throw WireFault(.wrongType, "type: expected a text, got \(type.summary)")
    }
    try self.init(value, place: name)
  }
}
