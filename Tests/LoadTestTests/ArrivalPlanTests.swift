import CallCore
import LoadTest
import Testing

@Suite("When calls begin")
struct ArrivalPlanTests {
  @Test("a ramp begins a call every interval, holds, and makes up for calls that ended")
  func ramp() {
    let plan = ArrivalPlan.ramp(to: 5, every: .milliseconds(100), hold: .seconds(10))
    #expect(plan.begun(by: .zero, over: 0) == 1)
    #expect(plan.begun(by: .milliseconds(99), over: 0) == 1)
    #expect(plan.begun(by: .milliseconds(100), over: 0) == 2)
    #expect(plan.begun(by: .seconds(9), over: 0) == 5)
    #expect(plan.begun(by: .seconds(9), over: 3) == 8)
    #expect(plan.duration == .milliseconds(10_500))
    #expect(!plan.isFull(at: .milliseconds(499)))
    #expect(plan.isFull(at: .milliseconds(500)))
    #expect(!plan.isFull(at: .milliseconds(10_500)))
  }

  @Test("steps climb from one level to the next, and down without hanging up")
  func steps() {
    let plan = ArrivalPlan.steps([2, 4, 1], every: .milliseconds(100), hold: .seconds(1))
    #expect(plan.begun(by: .milliseconds(1199), over: 0) == 2)
    #expect(plan.begun(by: .milliseconds(1200), over: 0) == 3)
    #expect(plan.begun(by: .milliseconds(1300), over: 0) == 4)
    #expect(plan.begun(by: .milliseconds(2399), over: 0) == 4)
    #expect(plan.begun(by: .milliseconds(2400), over: 0) == 1)
    #expect(plan.duration == .milliseconds(3400))
    #expect(plan.callsMax == 4)
    #expect(plan.isFull(at: .milliseconds(1500)))
    #expect(!plan.isFull(at: .milliseconds(500)))
  }

  @Test("a constant rate goes on whether calls have ended or not")
  func constant() {
    let plan = ArrivalPlan.constant(every: .milliseconds(250), for: .seconds(2), callsMax: 100)
    #expect(plan.begun(by: .zero, over: 0) == 1)
    #expect(plan.begun(by: .seconds(1), over: 77) == 5)
    #expect(plan.begun(by: .seconds(3), over: 0) == 8)
  }

  @Test("Poisson arrivals: the same seed gives the same calls, the mean is kept, and gaps differ as they should")
  func poisson() {
    func plan(_ seed: UInt64) -> ArrivalPlan {
      .poisson(every: .milliseconds(10), for: .seconds(100), callsMax: 100, seed: seed)
    }
    #expect(plan(1) == plan(1))
    #expect(plan(1) != plan(2))
    // 10,000 are expected; the standard deviation is 100.
    let all = plan(3).begun(by: .seconds(100), over: 0)
    #expect((9_600...10_400).contains(all))
    // In windows of 100 ms there are 10 in the mean, and their variance is 10 as well; an even rate would have none.
    let counts = (0..<1000).map { window in
      plan3.begun(by: .milliseconds(100 * (window + 1)), over: 0)
        - plan3.begun(by: .milliseconds(100 * window), over: 0)
    }
    let mean = Double(counts.reduce(0, +)) / 1000
    let variance = counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 1000
    #expect((8.5...11.5).contains(variance))
  }

  private let plan3 = ArrivalPlan.poisson(every: .milliseconds(10), for: .seconds(100), callsMax: 100, seed: 3)

  @Test("no call begins before the start")
  func early() {
    #expect(
      ArrivalPlan.ramp(to: 5, every: .milliseconds(1), hold: .seconds(1)).begun(by: .milliseconds(-1), over: 0) == 0)
  }

  @Test("the book: a level is never passed, and waits for places to be free again")
  func bookOfLevels() {
    var schedule = ArrivalSchedule(plan: .ramp(to: 3, every: .milliseconds(100), hold: .seconds(10)))
    #expect(schedule.beginDue(at: .zero, up: 0, over: 0) == 1)
    #expect(schedule.beginDue(at: .milliseconds(50), up: 1, over: 0) == 0)
    #expect(schedule.beginDue(at: .seconds(1), up: 1, over: 0) == 2)
    // One has ended, and its line rests: nothing to do. Then its place is free.
    #expect(schedule.beginDue(at: .seconds(2), up: 2, over: 0) == 0)
    #expect(schedule.beginDue(at: .seconds(3), up: 2, over: 1) == 1)
    #expect(schedule.begun == 4)
    #expect(schedule.givenUp == 0)
  }

  @Test("the book: arrivals for which there is no room are given up, and counted")
  func bookOfArrivals() {
    var schedule = ArrivalSchedule(plan: .constant(every: .milliseconds(100), for: .seconds(10), callsMax: 3))
    #expect(schedule.beginDue(at: .milliseconds(450), up: 0, over: 0) == 3)
    #expect(schedule.givenUp == 2)
    #expect(schedule.beginDue(at: .milliseconds(500), up: 2, over: 1) == 1)
    #expect(schedule.begun + schedule.givenUp == 6)
  }

  @Test("calls that are spread begin at random, all of them in time, and are kept up; a seed gives the same again")
  func spread() {
    let plan = ArrivalPlan.spread(to: 200, within: .seconds(20), hold: .seconds(30), seed: 4)
    #expect(plan == .spread(to: 200, within: .seconds(20), hold: .seconds(30), seed: 4))
    #expect(plan != .spread(to: 200, within: .seconds(20), hold: .seconds(30), seed: 5))
    #expect(plan.duration == .seconds(50) && plan.callsMax == 200 && plan.isKeptUp)
    let counts = (0...20).map { plan.begun(by: .seconds($0), over: 0) }
    #expect(counts.first.map { $0 < 3 } == true && counts.last == 200 && plan.begun(by: .seconds(40), over: 7) == 207)
    // Ten a second in the mean: drawn, no two seconds in a row have to be alike, and no half of the time is empty.
    let perSecond = zip(counts.dropFirst(), counts).map { $0 - $1 }
    #expect(Set(perSecond).count > 3 && perSecond.max().map { $0 < 30 } == true)
    #expect((70...130).contains(counts[10]))
    #expect(!plan.isFull(at: .milliseconds(19_999)) && plan.isFull(at: .seconds(20)) && !plan.isFull(at: .seconds(50)))
    #expect(plan.summary == "up to 200 calls at once, at random within 20 s, then held for 30 s")
  }
}
