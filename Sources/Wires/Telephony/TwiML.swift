/// What Twilio is told to do with a call: connect it to a media stream, and hang up once the stream is over.
public struct TwiML: Sendable, Equatable {
  /// `ws:` or `wss:`, without a query, which Twilio does not take.
  public var streamURL: String
  /// What the stream is to be told, in order.
  public var parameters: [(name: String, value: String)]

  /// A document that connects a call to `streamURL`.
  public init(streamURL: String, parameters: [(name: String, value: String)] = []) {
    self.streamURL = streamURL
    self.parameters = parameters
  }

  /// As Twilio's own libraries write it.
  public var text: String {
    let inner = parameters.map {
      "<Parameter name=\"\(Self.escaped($0.name))\" value=\"\(Self.escaped($0.value))\" />"
    }.joined()
    let stream = "<Stream url=\"\(Self.escaped(streamURL))\""
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Connect>"
      + (inner.isEmpty ? "\(stream) />" : "\(stream)>\(inner)</Stream>") + "</Connect><Hangup /></Response>"
  }

  /// The characters of XML that mean something in an attribute; others that XML 1.0 does not take are left out.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "&#10;"
      case "\t": escaped += "&#09;"
      case "\r": escaped += "&#13;"
      default: if isXML(scalar) { escaped.unicodeScalars.append(scalar) }
      }
    }
    return escaped
  }

  /// The same document.
  public static func == (left: TwiML, right: TwiML) -> Bool { left.text == right.text }
}
