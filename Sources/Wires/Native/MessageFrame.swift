import CallCore
import JSON

extension JSONFields {
  /// The members of a text frame; `place` is its `type`, or how that begins.
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
    try self.init(value, place: name.bounded(to: WireLimits.nameCharactersMax))
  }
}

extension JSONFields {
  func instant(_ name: String) throws(WireFault) -> Timestamp {
    Timestamp(microseconds: Int64(try number(name, 0...WireLimits.millisecondsMax)) * 1000)
  }

  func span(_ name: String) throws(WireFault) -> CallDuration {
    .milliseconds(try number(name, 0...WireLimits.millisecondsMax))
  }

  func turn(_ name: String) throws(WireFault) -> TurnID { TurnID(try number(name, 0...WireLimits.countMax)) }

  func utterance(_ name: String) throws(WireFault) -> UtteranceID {
    UtteranceID(try number(name, 1...WireLimits.countMax))
  }
}
