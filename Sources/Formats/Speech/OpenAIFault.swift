public import JSON

/// An error in the shape of OpenAI's API: `{"error": {"message", "type", "param", "code"}}`.
public struct OpenAIFault: Error, Sendable, Equatable, JSONDocument {
  /// Kinds that OpenAI's clients tell apart.
  public enum Kind: String, Sendable {
    /// The request is wrong; sending it again does not help.
    case request = "invalid_request_error"
    /// The server cannot do it now.
    case server = "server_error"
  }

  /// The HTTP status.
  public var status: Int
  /// Whose fault it is.
  public var kind: Kind
  /// The word for the kind, where another server's error is passed on; `nil`: that of `kind`.
  public var type: String?
  /// One sentence.
  public var message: String
  /// The member of the request that is wrong.
  public var parameter: String?
  /// For programs, such as `model_not_found`.
  public var code: String?

  /// - Parameters:
  ///   - status: 400 … 599.
  ///   - parameter: the member that is wrong.
  ///   - code: for programs.
  public init(_ status: Int, _ message: String, parameter: String? = nil, code: String? = nil) {
    self.status = status
    kind = status < 500 ? .request : .server
    self.message = message
    self.parameter = parameter
    self.code = code
  }

  init(_ fault: WireFault) {
    let words = fault.message.split(separator: ":", maxSplits: 1)
    let name = words.first.flatMap { $0.split(separator: ".").last }.map(String.init)
    let isOfMember = words.count == 2 && fault.code != .malformedJSON && fault.code != .tooDeep
    self.init(fault.code == .messageTooLarge ? 413 : 400, fault.message, parameter: isOfMember ? name : nil)
  }

  /// Writes the members.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.object("error") { writer in
      writer.field("message", message)
      writer.field("type", type ?? kind.rawValue)
      writer.field("param", parameter)
      writer.field("code", code)
    }
  }
}
