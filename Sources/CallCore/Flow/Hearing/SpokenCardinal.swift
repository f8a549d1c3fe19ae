/// Whole numbers as people say them and as recognisers write them.
enum SpokenCardinal {
  /// The number that begins at `index`, and how many words it took.
  static func read(_ words: [String], at index: Int) -> (value: Int, length: Int)? {
    var total = 0
    var current: Int?
    var afterScale = false
    var position = index
    while position < words.count {
      let next = position + 1 < words.count ? words[position + 1] : ""
      if let scale = scales[words[position]], let count = current {
        if scale == 100, count < 100 {
          current = count * 100
        } else if scale > 100, count < 1000, total == 0 || total >= scale * 1000 {
          total += count * scale
          current = nil
        } else {
          break
        }
        afterScale = true
      } else if words[position] == "a", current == nil, total == 0, scales[next] != nil {
        current = 1
      } else if words[position] == "and", afterScale, simple(next) != nil {
        position += 1
        continue
      } else if let value = simple(words[position]), let sum = joined(current, value, afterScale: afterScale) {
        current = sum
      } else {
        break
      }
      position += 1
    }
    if position > index, words[position - 1] == "and" { position -= 1 }
    guard position > index, total > 0 || current != nil else { return nil }
    return (total + (current ?? 0), position - index)
  }

  /// `twenty` and `one` make 21, `hundred` and `seven` 107; `one` and `two` make nothing.
  private static func joined(_ current: Int?, _ value: Int, afterScale: Bool) -> Int? {
    guard let current else { return !afterScale || (1...999).contains(value) ? value : nil }
    if (20...90).contains(current % 100), current % 10 == 0, (1...9).contains(value) { return current + value }
    if afterScale, current % 100 == 0, current > 0, (1...99).contains(value) { return current + value }
    return nil
  }

  private static func simple(_ word: String) -> Int? {
    guard let first = word.utf8.first else { return nil }
    if first > UInt8(ascii: "9") { return NumberWords.cardinals[word] }
    return word.utf8.count <= 9 && word.isASCIIDigits ? Int(word) : nil
  }

  private static let scales = ["hundred": 100, "thousand": 1000, "million": 1_000_000]
}
