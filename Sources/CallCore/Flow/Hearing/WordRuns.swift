/// Words in a row within a line: where any number of them stand, by their hash, and by first letter and length.
struct WordRuns {
  /// Some words in a row.
  struct Run {
    /// In `letters`.
    let letters: Range<Int>
    let letterSet: LetterSet
  }

  /// UTF-8 of all words without blanks.
  let letters: [UInt8]
  private let words: [String]
  /// Of the words before each, and of all.
  private let hashes: [UInt64]
  /// Where each word begins in `letters`, and where all end.
  private let offsets: [Int]
  private let letterSets: [LetterSet]
  private var starts: [Int: HashedStarts] = [:]
  private var near: [Int: NearRuns] = [:]

  init(_ words: [String]) {
    self.words = words
    letters = words.flatMap(\.utf8)
    var (hashes, offsets): ([UInt64], [Int]) = ([0], [0])
    for word in words {
      hashes.append(WordHash.appended(word, to: hashes[hashes.count - 1]))
      offsets.append(offsets[offsets.count - 1] + word.utf8.count)
    }
    (self.hashes, self.offsets) = (hashes, offsets)
    letterSets = words.map { LetterSet(Array($0.utf8)[...]) }
  }

  /// Whether these words stand in a row.
  mutating func contains(_ phrase: UtterancePhrase) -> Bool {
    let count = phrase.words.count
    guard count <= words.count else { return false }
    if starts[count] == nil { starts[count] = HashedStarts(hashes, count) }
    guard let start = starts[count]?[phrase.hash] else { return false }
    return words[start..<(start + count)].elementsEqual(phrase.words)
  }

  /// Sorts all runs of so many words, once.
  /// - Returns: how many steps that took.
  mutating func prepare(_ count: Int) -> Int {
    guard near[count] == nil else { return 0 }
    var found = NearRuns()
    for start in 0...(words.count - count) {
      var letterSet = LetterSet()
      for index in start..<(start + count) { letterSet.formUnion(letterSets[index]) }
      found.add(
        Run(letters: offsets[start]..<offsets[start + count], letterSet: letterSet), beginning: letters[offsets[start]])
    }
    near[count] = found
    return (words.count - count + 1) * (count + 4)
  }

  /// Whether there are any; far cheaper than to ask for them.
  func hasCandidates(for phrase: UtterancePhrase, of count: Int) -> Bool {
    guard let runs = near[count] else { return false }
    let lengths = runs.lengths[Int(phrase.letters[0])]
    return lengths != 0
      && (phrase.letters.count - phrase.slipsMax...phrase.letters.count + phrase.slipsMax).contains {
        lengths & (1 << UInt64($0 & 63)) != 0
      }
  }

  /// Runs of so many words with the phrase's first letter and about its length.
  func candidates(for phrase: UtterancePhrase, of count: Int) -> [Run] {
    guard let runs = near[count] else { return [] }
    let lengths = phrase.letters.count - phrase.slipsMax...phrase.letters.count + phrase.slipsMax
    return lengths.flatMap { runs.byLength[NearRuns.Key(first: phrase.letters[0], length: $0)] ?? [] }
  }
}

/// Runs of one number of words, by first letter and length.
private struct NearRuns {
  struct Key: Hashable {
    let first: UInt8
    let length: Int
  }

  private(set) var byLength: [Key: [WordRuns.Run]] = [:]
  /// For each first letter, the lengths that there are, modulo 64, as bits.
  private(set) var lengths = [UInt64](repeating: 0, count: 256)

  mutating func add(_ run: WordRuns.Run, beginning first: UInt8) {
    byLength[Key(first: first, length: run.letters.count), default: []].append(run)
    lengths[Int(first)] |= 1 << UInt64(run.letters.count & 63)
  }
}

/// Where runs of one number of words begin, by their hash: a table with open addressing.
private struct HashedStarts {
  private var hashes: [UInt64]
  private var starts: [Int]

  /// - Parameter beginnings: hashes of the words before each word, and of all.
  init(_ beginnings: [UInt64], _ count: Int) {
    let runs = beginnings.count - count
    var size = 4
    while size < 2 * runs { size *= 2 }
    hashes = [UInt64](repeating: 0, count: size)
    starts = [Int](repeating: -1, count: size)
    let power = WordHash.power(count)
    for start in 0..<runs {
      let hash = WordHash.between(beginnings[start], beginnings[start + count], power: power)
      let place = place(of: hash)
      if starts[place] < 0 { (hashes[place], starts[place]) = (hash, start) }
    }
  }

  subscript(hash: UInt64) -> Int? {
    let start = starts[place(of: hash)]
    return start < 0 ? nil : start
  }

  /// Where it is, or would be.
  private func place(of hash: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: hash >> 20) & (starts.count - 1)
    while starts[place] >= 0, hashes[place] != hash { place = (place + 1) & (starts.count - 1) }
    return place
  }
}
