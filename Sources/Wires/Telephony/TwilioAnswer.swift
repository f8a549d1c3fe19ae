public import CallCore
public import JSON

/// A call as Twilio's REST API answers it, as far as it is used here.
public struct TwilioCallAnswer: Sendable, Equatable {
  /// The provider's name for the call, `CA` and 32 hexadecimal digits.
  public var sid: String
  /// How far it is.
  public var status: PhoneCallRecord.Status

  /// Characters of an id; Twilio's have 34.
  public static let sidMax = 64
  /// Lists and objects within one another.
  private static let nestingMax = 16

  /// A call as a webhook tells of it.
  public init(sid: String, status: PhoneCallRecord.Status) { (self.sid, self.status) = (sid, status) }

  /// - Parameter bytes: JSON.
  /// - Throws: what is wrong with it.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let value: JSONValue
    do throws(JSONFault) { value = try JSONValue(parsing: bytes, nestingMax: Self.nestingMax) } catch {
      throw WireFault(.malformedJSON, "call: \(error)")
    }
    let fields = try JSONFields(value, place: "call")
    sid = try fields.text("sid", 1...Self.sidMax)
    guard sid.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      throw fields.outOfRange("sid", "letters and digits", .string(sid))
    }
    let word = try fields.text("status", 1...40)
    guard let status = PhoneCallRecord.Status(word: word) else {
      let known = PhoneCallRecord.Status.allCases.map(\.rawValue).joined(separator: ", ")
      throw fields.outOfRange("status", "one of \(known)", .string(word))
    }
    self.status = status
  }
}

/// What Twilio's REST API says when it does not do what it was asked (https://www.twilio.com/docs/usage/twilios-response#exceptions).
public struct TwilioProblem: Sendable, Equatable {
  /// Twilio's number for it, such as 21211; `nil`: it said none.
  public var code: Int?
  /// In its words, on one line; empty: it said none.
  public var message: String

  /// Characters of a message that are repeated.
  private static let messageMax = 200

  /// Reads what may be no JSON at all: a proxy in between may answer a page of HTML, whose status says enough.
  public init(parsing bytes: [UInt8]) {
    let document = bytes.count <= TwilioRest.answerBytesMax ? Self.document(bytes) : nil
    code = document?["code"]?.wholeNumber.map { Int($0) }
    message = String((document?.text(at: "message") ?? "").prefix(Self.messageMax).map { $0.isNewline ? " " : $0 })
  }

  private static func document(_ bytes: [UInt8]) -> JSONValue? {
    do throws(JSONFault) { return try JSONValue(parsing: bytes) } catch { return nil }
  }
}
