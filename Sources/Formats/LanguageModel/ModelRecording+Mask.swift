public import CallCore

/// Recordings without digits. A number of an answer that stands in its question, too, is kept as its place there, and said again; any other one
/// stays masked.
extension ModelRecording {
  /// The question as it is kept and looked for here.
  public func kept(_ question: ModelRequest) -> ModelRequest { isMasked ? question.masked : question }

  /// The answer as it is kept here.
  /// - Parameter answer: with its question as it was asked.
  public func kept(_ answer: Answer) -> Answer { isMasked ? answer.masked : answer }

  /// The answer as it is given.
  /// - Parameters:
  ///   - answer: as it is kept here.
  ///   - question: as it is asked.
  public func given(_ answer: Answer, to question: ModelRequest) -> Answer {
    isMasked ? answer.restored(from: question) : answer
  }

  /// Keeps what the agent understood in a turn. Where there are digits in it, a masked recording leaves it to the recogniser to understand it again.
  public mutating func keep(heard words: String, in turn: Heard) {
    if !isMasked || !words.hasDigits { heard[turn] = words }
  }
}

extension ModelRecording.Answer {
  fileprivate var masked: Self {
    var answer = self
    let texts = maskedTexts(of: question)
    answer.numbers = texts.flatMap(\.numbers).map { question.place(of: $0) }
    answer.set(texts.map(\.masked))
    answer.question = question.masked
    answer.fault?.description = fault?.description.masked ?? ""
    return answer
  }

  fileprivate func restored(from question: ModelRequest) -> Self {
    var rest = numbers.map { place in place.flatMap { question.number(at: $0) } }[...]
    var answer = self
    answer.question = question
    answer.set(
      maskedTexts(of: question).map { text in
        let count = text.numbers.count
        defer { rest = rest.dropFirst(count) }
        return text.text(with: Array(rest.prefix(count)))
      })
    return answer
  }

  /// The words, and the arguments of each call of a tool: whole, as a number may stand in two pieces.
  private var texts: [String] {
    ([nil] + calls).map { call in
      pieces.reduce(into: "") { text, piece in
        if piece.delta.call == .some(call) { text += piece.delta.maskedText }
      }
    }
  }

  /// The same with their numbers. Arguments are JSON, and so are the words where the question wants a form.
  private func maskedTexts(of question: ModelRequest) -> [MaskedText] {
    texts.enumerated().map { index, text in MaskedText(text, isJSON: index > 0 || question.answerForm != nil) }
  }

  /// Which calls of tools there are pieces of.
  private var calls: [Int?] {
    Set(pieces.compactMap { if case .toolCall(let piece) = $0.delta { piece.index } else { nil } }).sorted()
  }

  /// Cuts other texts of the same lengths into the same pieces.
  private mutating func set(_ texts: [String]) {
    for (call, text) in zip([nil] + calls, texts) {
      var rest = Substring(text).unicodeScalars
      for index in pieces.indices where pieces[index].delta.call == .some(call) {
        let count = pieces[index].delta.maskedText.unicodeScalars.count
        pieces[index].delta.maskedText = String(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
    }
  }
}

extension ModelDelta {
  /// What its text belongs to: the words, or a call of a tool by its index; `nil`: it has none.
  fileprivate var call: Int?? {
    switch self {
    case .text: .some(nil)
    case .toolCall(let piece): .some(piece.index)
    case .finish, .usage: nil
    }
  }

  /// The words, or the arguments.
  fileprivate var maskedText: String {
    get {
      switch self {
      case .text(let text): text
      case .toolCall(let piece): piece.arguments
      case .finish, .usage: ""
      }
    }
    set {
      switch self {
      case .text: self = .text(newValue)
      case .toolCall(var piece):
        piece.arguments = newValue
        self = .toolCall(piece)
      case .finish, .usage: break
      }
    }
  }
}
