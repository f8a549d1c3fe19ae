import CallCore
import JSON

/// What a language model answers to one question about a call.
public struct JudgeAnswer: Sendable, Equatable {
  /// What it says. The raw values stand in the answer and in reports.
  public enum Word: String, Sendable, CaseIterable {
    /// The statement is true of the call.
    case yes
    /// It is not.
    case no
    /// The transcript shows neither.
    case cannotTell = "cannot-tell"
  }

  /// What it says.
  public var word: Word
  /// The agent's words on which it rests.
  public var quote: String
  /// Its reason.
  public var why: String

  /// Characters that reports keep of a quote and of a reason.
  public static let textMax = 300
  /// Longest answer that is read, in bytes: twelve times what the tokens of one come to.
  static let bytesMax = 16_384

  /// - Parameter text: as the model wrote it.
  /// - Throws: what is wrong with it, in a few words.
  init(parsing text: String) throws(Fault) {
    guard text.utf8.count <= Self.bytesMax else { throw Fault("the answer has over \(Self.bytesMax) bytes") }
    guard !text.allSatisfy(\.isWhitespace) else { throw Fault("the answer is empty") }
    let value: JSONValue
    do throws(ModelJSONFault) { value = try JSONValue(inWords: text) } catch {
      switch error {
      case .noObject: throw Fault("the answer is no JSON object: \(Self.cut(text, to: 60).quoted)")
      case .notJSON(let fault): throw Fault("the answer is no JSON: \(fault)")
      }
    }
    do throws(WireFault) {
      let fields = try JSONFields(value, place: "answer")
      word = try fields.choice("answer", of: Word.allCases)
      quote = ReportText.line(try fields.optionalText("quote") ?? "")
      why = ReportText.line(try fields.optionalText("why") ?? "")
    } catch {
      throw Fault(error.message)
    }
  }

  /// The beginning of a text, with `…` where more follows.
  static func cut(_ text: String, to length: Int = textMax) -> String {
    text.count <= length ? text : "\(text.prefix(length - 1))…"
  }

  /// Why an answer cannot be read.
  struct Fault: Error, Equatable {
    /// In a few words.
    let why: String

    init(_ why: String) { self.why = why }
  }
}
