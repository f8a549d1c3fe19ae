import LoadTest
import Testing

@Suite("The search for the highest load")
struct CapacitySearchTests {
  /// Plays a server that holds so many calls.
  func search(start: Int, callsMax: Int = 10_000, holding limit: Int) -> CapacitySearch {
    var search = CapacitySearch(start: start, callsMax: callsMax)
    for _ in 0..<200 {
      switch search.next {
      case .probe(let calls), .confirm(let calls): search.recordRun(held: calls <= limit)
      case .found, .nothing: return search
      }
    }
    Issue.record("the search does not end")
    return search
  }

  @Test("finds the limit from below, within 5 %, and tries it twice", arguments: [1, 2, 7, 60, 137, 999, 9_999])
  func finds(limit: Int) throws {
    for start in [1, 10, 100] {
      let search = search(start: start, holding: limit)
      guard case .found(let found) = search.next else {
        Issue.record("nothing was found")
        continue
      }
      #expect(found <= limit)
      #expect(limit - found <= max(found * 5 / 100, 1))
      let last = try #require(search.probes.last)
      #expect(last.calls == found && last.held && last.isConfirmation)
      #expect(search.probes.count { $0.calls == found && $0.held } >= 2)
      #expect(search.probes.count < 30)
    }
  }

  @Test("not even one call")
  func none() {
    #expect(search(start: 10, holding: 0).next == .nothing)
    #expect(search(start: 1, holding: 0).probes.count == 1)
  }

  @Test("never tries more than the most, and says when that held")
  func most() {
    let search = search(start: 10, callsMax: 500, holding: 100_000)
    #expect(search.next == .found(500))
    #expect(search.probes.allSatisfy { $0.calls <= 500 })
  }

  @Test("what holds only the first time is not held: the search goes on below")
  func flaky() {
    var search = CapacitySearch(start: 100, callsMax: 1000)
    var confirmations = 0
    for _ in 0..<100 {
      switch search.next {
      case .probe(let calls): search.recordRun(held: calls <= 120)
      case .confirm(let calls):
        confirmations += 1
        search.recordRun(held: calls <= 80)
      case .found(let calls):
        #expect(calls <= 80)
        return
      case .nothing:
        #expect(confirmations == CapacitySearch.confirmationsMax)
        return
      }
    }
    Issue.record("the search does not end")
  }
}
