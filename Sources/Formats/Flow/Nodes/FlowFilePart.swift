import JSON

/// A part of a flow file that is to be written: what `YAMLFile` reads.
indirect enum FlowFilePart {
  case nothing
  case text(String)
  case list([FlowFilePart])
  case mapping([(key: String, value: FlowFilePart)])

  /// The whole as a file.
  /// - Parameter bytesMax: most bytes of it; what lies deep takes many more than where it came from.
  /// - Returns: `nil` when it is longer.
  func text(bytesMax: Int) -> String? {
    var text = ""
    write(to: &text, indent: 0, bytesMax)
    return text.utf8.count <= bytesMax ? text : nil
  }

  private var isShort: Bool {
    switch self {
    case .nothing, .text: true
    case .list(let parts): parts.isEmpty
    case .mapping(let members): members.isEmpty
    }
  }

  private func write(to text: inout String, indent: Int, _ bytesMax: Int) {
    guard text.utf8.count <= bytesMax else { return }
    let blanks = String(repeating: " ", count: indent)
    switch self {
    case .list(let parts) where !parts.isEmpty:
      for part in parts {
        text += blanks + "-"
        part.writeValue(to: &text, indent: indent, bytesMax)
      }
    case .mapping(let members) where !members.isEmpty:
      for (key, value) in members {
        text += blanks + Self.scalar(key) + ":"
        value.writeValue(to: &text, indent: indent, bytesMax)
      }
    case .nothing, .text, .list, .mapping: break
    }
  }

  /// Behind a key or a dash.
  private func writeValue(to text: inout String, indent: Int, _ bytesMax: Int) {
    guard text.utf8.count <= bytesMax else { return }
    switch self {
    case .nothing: text += "\n"
    case .text(let value): text += " \(Self.scalar(value))\n"
    case .list(let parts) where parts.isEmpty: text += " []\n"
    case .mapping(let members) where members.isEmpty: text += " {}\n"
    case .list, .mapping:
      text += "\n"
      write(to: &text, indent: indent + 2, bytesMax)
    }
  }

  /// Words stand as they are, anything else in double quotes (YAML 1.2, 7.3.1).
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.first?.isLetter == true
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
          || byte == 0x5F
      }
    if isPlain, text != "null" { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default:
        if needsEscape(scalar) {
          let hex = String(scalar.value, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }

  /// What YAML does not take as it is (YAML 1.2, 5.1), and what breaks lines.
  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}

extension FlowFilePart {
  /// A value of JSON; members by their names.
  init(_ value: JSONValue) {
    switch value {
    case .null: self = .nothing
    case .array(let elements): self = .list(elements.map { FlowFilePart($0) })
    case .object(let members):
      self = .mapping(members.sorted { $0.key < $1.key }.map { ($0.key, FlowFilePart($0.value)) })
    case .bool, .integer, .number, .string: self = .text(value.scalarText ?? "")
    }
  }
}
