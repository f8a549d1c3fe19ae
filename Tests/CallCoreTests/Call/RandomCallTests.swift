import CallCore
import Testing

/// A thousand calls of random events. Each is reproduced by its seed alone.
@Suite("Random calls hold the call's invariants")
struct RandomCallTests {
  @Test("1,000 seeds", arguments: [0..<250, 250..<500, 500..<750, 750..<1000])
  func invariants(seeds: Range<Int>) {
    var (begun, used, ended) = (0, 0, 0)
    var (pauses, takenBack) = (0, 0)
    for seed in seeds {
      var story = RandomCall(seed: UInt64(seed))
      story.run(events: 400)
      #expect(story.faults.isEmpty, "replay with RandomCall(seed: \(seed)).run(events: 400): \(story.faults)")
      (begun, used) = (begun + story.earlyBegun, used + story.earlyUsed)
      ended += story.endedByMeaning
      (pauses, takenBack) = (pauses + story.pauses, takenBack + story.takenBack)
    }
    #expect(used > 0 && begun - used > 0, "\(begun) answers were begun early, and \(used) of them used")
    #expect(takenBack > 0 && takenBack < pauses, "\(pauses) times the agent paused, and \(takenBack) times it went on")
    #expect(ended > 0, "some turns ended by their meaning")
  }

  @Test("The same seed gives the same trace")
  func replays() {
    var first = RandomCall(seed: 7)
    var second = RandomCall(seed: 7)
    first.run(events: 400)
    second.run(events: 400)
    #expect(first.trace == second.trace)
    #expect(!first.trace.isEmpty)
  }
}
