import CallCore

/// When each word of a passage was said: an estimate, because the recogniser gives words without times.
///
/// The passage's sound is cut into runs of voice between pauses. The words go to the runs in their order, so that each run has as many letters
/// as its length lets expect; within a run they share its time by their letters. Integers only: the same sound gives the same times.
///
/// With the constants below, `Tests/Counterparts/word_times.py` finds half of the words begun within 0.12 s of their time and nine of ten within
/// 0.26 s, against the times that eSpeak NG tells (883 words, two voices, three rates). Who changes one measures again with it.
public enum WordTimes {
  /// A frame, in which loudness is measured: 10 ms at 16 kHz.
  private static let frame = 160
  /// Shorter gaps are part of a word, as the silence before a `t` or a `k` is: 120 ms.
  private static let gapMax = 12
  /// Shorter runs are clicks and breath: 50 ms.
  private static let runMin = 5
  /// What a word has beside its letters: short words take longer than their letters.
  private static let wordWeight = 2
  /// A pause between two words without a sign of punctuation is as unlikely as a run that is too long or short by this much: 100 ms.
  private static let unmarkedPause = 10

  /// More words than that are laid over the whole: nobody says so many in a passage, and looking for their pauses takes the square of the time.
  private static let wordsMax = 500

  /// - Parameters:
  ///   - text: as the recogniser wrote it.
  ///   - samples: 16 kHz mono, in which it was said.
  /// - Returns: each word that is said, without the signs around it, and its range of `samples`; in order, none overlapping.
  public static func estimate(_ text: String, in samples: ArraySlice<Int16>) -> [(word: String, range: Range<Int>)] {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init).filter { $0.contains(where: isSaid) }
    guard !words.isEmpty else { return [] }
    let weights = words.map(weight)
    let runs = merged(voicedRuns(samples), countMax: words.count > wordsMax ? 1 : words.count)
    let last = lastWords(of: runs, weights: weights, isMarked: words.map { $0.last.map { !isSaid($0) } ?? false })
    var times: [(word: String, range: Range<Int>)] = []
    for (run, end) in zip(runs, last) {
      let share = Array(times.count..<end)
      let whole = share.reduce(0) { $0 + weights[$1] }
      var weight = 0
      func place(_ weight: Int) -> Int {
        min(samples.startIndex + run.lowerBound * frame + run.count * frame * weight / whole, samples.endIndex)
      }
      for word in share {
        let start = place(weight)
        weight += weights[word]
        times.append((trimmed(words[word]), start..<place(weight)))
      }
    }
    return times
  }

  private static func isSaid(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  private static func trimmed(_ word: String) -> String {
    let start = word.drop { !isSaid($0) }
    let end = start.lastIndex(where: isSaid)
    return end.map { String(start[...$0]) } ?? word
  }

  /// Letters as it is said: `4711` has more than it shows.
  private static func weight(_ word: String) -> Int {
    wordWeight + TextNormalizer.spoken(word, voice: "heart").count { $0.isLetter }
  }

  // MARK: - Runs of voice

  /// In frames; at least one.
  private static func voicedRuns(_ samples: ArraySlice<Int16>) -> [Range<Int>] {
    let levels = stride(from: samples.startIndex, to: samples.endIndex, by: frame).map { start in
      samples[start..<min(start + frame, samples.endIndex)].reduce(0) { $0 + Int($1) * Int($1) }
    }
    let sorted = levels.sorted()
    guard let loudest = sorted.last, loudest > 0 else { return [0..<max(levels.count, 1)] }
    let (quiet, loud) = (sorted[sorted.count / 10], sorted[sorted.count * 9 / 10])
    // 30 dB below the voice, or 6 dB above the noise, but never within 10 dB of the voice.
    let threshold = max(min(max(loud / 1000, quiet * 4), loud / 10), 1)
    var runs: [Range<Int>] = []
    for (index, level) in levels.enumerated() where level >= threshold {
      if let last = runs.last, index - last.upperBound < gapMax {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    let long = runs.filter { $0.count >= runMin }
    return long.isEmpty ? [0..<levels.count] : long
  }

  /// No more runs than words: those with the shortest pauses between them become one.
  private static func merged(_ runs: [Range<Int>], countMax: Int) -> [Range<Int>] {
    var runs = runs
    while runs.count > countMax {
      let gaps = runs.indices.dropFirst().map { ($0, runs[$0].lowerBound - runs[$0 - 1].upperBound) }
      guard let (index, _) = gaps.min(by: { $0.1 < $1.1 }) else { return runs }
      runs[index - 1] = runs[index - 1].lowerBound..<runs[index].upperBound
      runs.remove(at: index)
    }
    return runs
  }

  // MARK: - Words of runs

  /// Index behind the last word of each run, so that the runs' lengths fit their words best: the sum of squares of what a run is too long or
  /// too short, each run with a word at least.
  private static func lastWords(of runs: [Range<Int>], weights: [Int], isMarked: [Bool]) -> [Int] {
    guard runs.count > 1 else { return [weights.count] }
    let sums = weights.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let (all, time) = (sums[weights.count], runs.reduce(0) { $0 + $1.count })
    func misfit(_ run: Range<Int>, _ words: Range<Int>) -> Int {
      let off = run.count * all - time * (sums[words.upperBound] - sums[words.lowerBound])
      return off * off
    }
    let unmarked = unmarkedPause * all * unmarkedPause * all
    // best[k][n]: the least sum for n words in k runs, and where the last of these runs begins.
    var best = [[(cost: Int, from: Int)?](repeating: nil, count: weights.count + 1)]
    best[0][0] = (0, 0)
    for (index, run) in runs.enumerated() {
      var next = [(cost: Int, from: Int)?](repeating: nil, count: weights.count + 1)
      for end in (index + 1)...max(weights.count - (runs.count - 1 - index), index + 1) {
        for start in index..<end {
          guard let before = best[index][start] else { continue }
          let pause = end == weights.count || isMarked[end - 1] ? 0 : unmarked
          let cost = before.cost + misfit(run, start..<end) + pause
          if next[end].map({ cost < $0.cost }) ?? true { next[end] = (cost, start) }
        }
      }
      best.append(next)
    }
    var ends = [weights.count]
    for index in runs.indices.reversed() where index > 0 {
      ends.append(best[index + 1][ends[ends.count - 1]]?.from ?? 0)
    }
    return ends.reversed()
  }
}
