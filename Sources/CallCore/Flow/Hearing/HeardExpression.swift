/// Regular expressions of flow files. They are compiled when used: a compiled one cannot be sent between threads.
package enum HeardExpression {
  /// Whether it is one.
  package static func isValid(_ expression: String) -> Bool { compiled(expression) != nil }

  /// Ready for use; `nil` for one that is not valid. What is wrong with it is not said in words fit for the flow's author.
  static func compiled(_ expression: String) -> Regex<AnyRegexOutput>? {
    do { return try Regex(expression) } catch { return nil }
  }

  /// Whether it is found anywhere in the text, without regard to case. One that is not valid is found nowhere.
  package static func isFound(_ expression: String, in text: String) -> Bool {
    guard let regex = compiled(expression) else { return false }
    return text.firstMatch(of: regex.ignoresCase()) != nil
  }

  /// Whether a repeated group holds a repetition, as in `(a+)+`: such a search may take longer than the universe lasts.
  package static func mayRunAway(_ expression: String) -> Bool {
    var repeatsInside: [Bool] = [false]
    var previous: Character = " "
    var closedRepeating = false
    for character in expression {
      let isRepetition = (character == "*" || character == "+" || character == "{") && previous != "\\"
      if isRepetition {
        if closedRepeating { return true }
        repeatsInside[repeatsInside.count - 1] = true
      }
      closedRepeating = false
      if character == "(", previous != "\\" {
        repeatsInside.append(false)
      } else if character == ")", previous != "\\", repeatsInside.count > 1 {
        closedRepeating = repeatsInside.removeLast()
        if closedRepeating { repeatsInside[repeatsInside.count - 1] = true }
      }
      previous = previous == "\\" ? " " : character
    }
    return false
  }
}
