package import CallCore
package import CallDriver
import OrderedCollections
import Threads

/// Test cases in memory, bounded by entries and by bytes. Full is full: nobody's case makes room for another.
package final class MemoryTestCaseStore: TestCaseStore {
  private struct State {
    var cases: OrderedDictionary<String, TestCase> = [:]
    var bytes = 0
  }

  private let entriesMax: Int
  private let bytesMax: Int
  private let state = Locked(State())

  /// - Parameters:
  ///   - entriesMax: cases kept, 1 and up; the default is as many as can be read together (`CaseLimits.casesMax`).
  ///   - bytesMax: bytes kept: a case of six turns takes some 5 KB, so 16 MB hold three times the default of `entriesMax`.
  package init(entriesMax: Int = 1000, bytesMax: Int = 16_000_000) {
    precondition(entriesMax > 0, "a store keeps at least one case")
    self.entriesMax = entriesMax
    self.bytesMax = bytesMax
  }

  package func cases() throws(StoreError) -> [TestCase] { state.withLock { Array($0.cases.values) } }

  package func testCase(id: String) throws(StoreError) -> TestCase? { state.withLock { $0.cases[id] } }

  package func add(_ cases: [TestCase]) throws(StoreError) -> TestCaseChange {
    let bytes = cases.reduce(0) { $0 + $1.estimatedBytes }
    return state.withLock { state in
      var ids = Set(state.cases.keys)
      for testCase in cases where !ids.insert(testCase.id).inserted { return .taken(id: testCase.id) }
      if let full = fullness(entries: ids.count, bytes: state.bytes + bytes) { return full }
      for testCase in cases { state.cases[testCase.id] = testCase }
      state.bytes += bytes
      return .done
    }
  }

  package func replace(_ testCase: TestCase) throws(StoreError) -> TestCaseChange {
    let bytes = testCase.estimatedBytes
    return state.withLock { state in
      guard let old = state.cases[testCase.id] else { return .missing }
      let sum = state.bytes - old.estimatedBytes + bytes
      if let full = fullness(entries: state.cases.count, bytes: sum) { return full }
      state.cases[testCase.id] = testCase
      state.bytes = sum
      return .done
    }
  }

  package func remove(id: String) throws(StoreError) -> TestCaseChange {
    state.withLock { state in
      guard let old = state.cases.removeValue(forKey: id) else { return .missing }
      state.bytes -= old.estimatedBytes
      return .done
    }
  }

  /// How full the store is; nothing is ever evicted.
  package var usage: StoreUsage { state.withLock { StoreUsage(entries: $0.cases.count, bytes: $0.bytes) } }

  private func fullness(entries: Int, bytes: Int) -> TestCaseChange? {
    if entries > entriesMax { return .full(limit: "\(entriesMax) cases") }
    return bytes > bytesMax ? .full(limit: "\(bytesMax) bytes of cases") : nil
  }
}

extension CallerBrief {
  fileprivate var texts: [String] {
    [goal, manner] + rules.must + rules.accept + rules.never + facts.flatMap { [$0.id, $0.value] + $0.askedBy }
  }
}

extension TestCase {
  /// What a case takes, by estimate: 1000 bytes, 200 for each turn and expectation, 700 for each value that varies, and all texts.
  var estimatedBytes: Int {
    let texts = [id, title, caller.persona, source.file] + tags
    let own =
      (texts + (caller.brief?.texts ?? [])).reduce(1000) { $0 + $1.utf8.count + 16 } + Self.bytes(of: expectations)
    let varied = (vary?.properties ?? []).reduce(own) { $0 + $1.values.reduce(0) { $0 + 700 + $1.label.utf8.count } }
    return turns.reduce(varied) { $0 + 200 + Self.bytes(of: $1.action) + Self.bytes(of: $1.expectations) }
  }

  private static func bytes(of action: CallerAction) -> Int {
    switch action {
    case .say(let pieces): pieces.wording.utf8.count + pieces.count * 32
    case .play(let file, let text): file.utf8.count + (text ?? "").utf8.count
    case .press(let keys): keys.count
    case .backchannel(let word): word.utf8.count
    case .answerAsMachine(let greeting, _): greeting.wording.utf8.count + greeting.count * 32
    case .hold(let music, _): (music ?? "").utf8.count
    case .staySilent, .hangUp: 0
    }
  }

  private static func bytes(of expectations: [Expectation]) -> Int {
    expectations.reduce(0) { $0 + 200 + bytes(of: $1.check) }
  }

  private static func bytes(of check: Expectation.Check) -> Int {
    switch check {
    case .keywords(let texts), .anyOf(let texts), .excludes(let texts), .messageLeft(let texts):
      texts.reduce(0) { $0 + $1.utf8.count + 16 }
    case .regex(let expression): expression.source.utf8.count
    case .exact(let text), .similarity(let text, _), .similarInMeaning(let text), .state(let text), .outcome(let text):
      text.utf8.count
    case .slot(let name, let value): name.utf8.count + value.utf8.count
    case .tools(let calls): calls.reduce(0) { $0 + $1.name.utf8.count + bytes(of: .members($1.arguments)) }
    case .judged(let criterion): criterion.utf8.count
    case .ended, .latency, .yield, .understood, .duration, .talkOver, .goal: 0
    }
  }

  private static func bytes(of argument: ExpectedArgument) -> Int {
    switch argument {
    case .text(let text): 16 + text.utf8.count
    case .nothing: 16
    case .list(let elements): elements.reduce(16) { $0 + bytes(of: $1) }
    case .members(let members): members.reduce(16) { $0 + $1.key.utf8.count + bytes(of: $1.value) }
    }
  }
}
