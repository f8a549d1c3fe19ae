import CallCore

/// What a file says for all its questions at once.
struct QuestionDefaults {
  var noInput = WrittenAskAgain()
  var noMatch = WrittenAskAgain()
  var otherwise: String?
  var noInputAfter: CallDuration?
  var interruptible: Bool?
}
