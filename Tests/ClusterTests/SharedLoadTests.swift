import CallCore
import CallDriver
import Cluster
import JSON
import LoadTest
import Simulation
import TestSupport
import Testing
import Threads

@Suite("Load tests of several generators")
struct SharedLoadTests {
  @Test("what three generators counted is put together, and nothing of it stays in the store", arguments: [1, 3])
  func together(count: Int) throws {
    let bench = try SharedLoadBench()
    let result = try bench.result(of: (0..<count).map { bench.generator("g\($0)") })
    var whole = LatencyRecord()
    for totals in bench.results.withLock({ $0 }) { whole.add(totals.figures.turnLatency) }
    #expect(result.verdict == .passed && result.ending == .finished)
    #expect(result.totals.figures.turnLatency.counts == whole.counts && whole.count == 4 * count)
    #expect(result.totals.figures.offered == 8 * count)
    #expect(result.totals.samples.map(\.active) == Array(repeating: 2 * count, count: 4))
    #expect(Set(result.generators.map(\.name)) == Set((0..<count).map { "g\($0)" }))
    #expect(result.generators.allSatisfy { $0.offered == 8 && $0.problem == nil && $0.clockError != nil })
    #expect(try bench.store.progress(of: "load", after: Array(repeating: 0, count: count)) == nil)
    let finished = bench.news.withLock { $0 }.count { if case .finished(_, 8) = $0 { true } else { false } }
    #expect(finished == count)
  }

  @Test("a store that answers two questions of three changes nothing")
  func flaky() throws {
    let memory = MemorySharedLoadStore { Int64(MonotonicClock.now()) }
    // Before that the clock is asked fifty times in a row, and a generator whose clock cannot be set says so.
    let store = AlteredSharedLoadStore(memory, isAway: { $0 > 200 && $0.isMultiple(of: 3) })
    let bench = try SharedLoadBench(store)
    let result = try bench.result(of: [bench.generator("a", seconds: 500)])
    #expect(result.verdict == .passed && result.totals.figures.offered == 1000)
    #expect(result.totals.figures.turnLatency.count == 500)
  }

  @Test("a generator that cannot make what its callers say keeps the load from starting, and is named")
  func notReady() throws {
    let bench = try SharedLoadBench()
    let bad = bench.generator(
      "bad", prepare: { _ throws(LoadGeneratorWorker.PreparationFault) in throw .init("no voice") })
    #expect(throws: LoadCoordinator.Fault.notReady(generator: "bad", why: "no voice")) {
      try bench.result(of: [bench.generator("good"), bad])
    }
    #expect(bench.results.withLock { $0.isEmpty })
    #expect(try bench.store.progress(of: "load", after: [0, 0]) == nil)
  }

  @Test("a generator that its operator stops makes the load invalid, and the others stop")
  func interrupted() throws {
    let bench = try SharedLoadBench()
    let worker = Locked<LoadGeneratorWorker?>(nil)
    let stopping = bench.generator(
      "stopping", seconds: .max, during: { second in if second == 2 { worker.withLock { $0 }?.stop() } })
    worker.withLock { $0 = stopping }
    let result = try bench.result(of: [bench.generator("other", seconds: .max), stopping])
    #expect(result.verdict == .invalid)
    #expect(result.problems == ["generator stopping could not go on: its operator stopped it"])
  }

  @Test("a generator of which nothing is heard is lost, and the load ends as invalid with its name")
  func lost() throws {
    let bench = try SharedLoadBench()
    // Its reports come, and are kept back from the coordinator.
    let store = AlteredSharedLoadStore(
      bench.store,
      alter: { progress in
        for place in progress.generators.indices
        where progress.generators[place].name == "dead" && progress.generators[place].report.phase == .running {
          progress.generators[place].report.seconds = []
          progress.generators[place].silence = SharedLoadLimits.generatorSilenceMax + .microseconds(1)
        }
      })
    let endless = ["alive", "dead"].map { bench.generator($0, seconds: .max) }
    let result = try bench.result(of: endless, over: store)
    #expect(result.verdict == .invalid && result.problems == ["generator dead was lost"])
    #expect(result.generators.first { $0.name == "alive" }?.problem == nil)
  }

  @Test("a second that cannot be read ends the load with the generator's name")
  func unreadable() throws {
    for (number, content, why) in [
      (1, "{}", "second.second: expected a whole number"), (1, "x", "second: no JSON"),
    ] {
      let bench = try SharedLoadBench()
      let store = AlteredSharedLoadStore(
        bench.store,
        alter: { progress in
          for place in progress.generators.indices where !progress.generators[place].report.seconds.isEmpty {
            progress.generators[place].report.seconds = [(number, Array(content.utf8))]
          }
        })
      let error = #expect(throws: LoadCoordinator.Fault.self) {
        try bench.result(of: [bench.generator("odd")], over: store)
      }
      guard case .unreadable("odd", let said) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(said.hasPrefix(why), "\(said)")
    }
  }

  @Test("a threshold that is hopeless over all of them ends the load")
  func aborted() throws {
    let bench = try SharedLoadBench()
    let missed = try Threshold("turns_missed<=20 abort")
    let endless = ["a", "b"].map { bench.generator($0, seconds: .max) }
    let result = try bench.result(of: endless, thresholds: [missed])
    #expect(result.ending == .aborted("turns_missed<=20") && result.verdict == .failed)
    #expect(result.problems.isEmpty && result.totals.figures.turnsMissed > 20)
  }

  @Test("Ctrl-C ends it, and what was found until then is told")
  func stopped() throws {
    let bench = try SharedLoadBench()
    let hasBegun = Locked(false)
    let endless = ["a", "b"].map { name in
      bench.generator(
        name, seconds: .max, during: { second in if second == 2 { hasBegun.withLock { $0 = true } } })
    }
    let result = try bench.result(of: endless, isStopped: { hasBegun.withLock { $0 } })
    #expect(result.ending == .stopped && result.problems.isEmpty && result.totals.figures.offered >= 4)
  }

  @Test("before the start: nobody comes, too few come, somebody stops it, and there is no room")
  func noStart() throws {
    let bench = try SharedLoadBench()
    #expect(throws: LoadCoordinator.Fault.tooFew(0)) { try bench.result(of: [], parts: 2, waiting: .zero) }
    #expect(throws: LoadCoordinator.Fault.stopped) { try bench.result(of: [], parts: 2, isStopped: { true }) }
    let foreign = bench.generator("f", of: "another program")
    #expect(throws: LoadCoordinator.Fault.stopped) {
      try bench.result(
        of: [foreign], id: "mine",
        isStopped: {
          bench.news.withLock { $0.contains(.refused(load: "mine", program: SharedLoadBench.program)) }
        })
    }
    for number in 0..<SharedLoadLimits.loadsMax {
      #expect(try bench.store.submit(SharedLoad(id: "\(number)", program: "p", generators: 1, document: [])))
    }
    #expect(throws: LoadCoordinator.Fault.full) { try bench.result(of: [], parts: 1) }
  }

  @Test("a generator stops when nothing is heard of its coordinator, when its load is gone, and when the store is away")
  func silence() throws {
    let reasons = ["nothing was heard of the coordinator", "the load is gone", "the database did not answer: "]
    for (place, reason) in reasons.enumerated() {
      let memory = MemorySharedLoadStore { Int64(MonotonicClock.now()) }
      let isAway = Locked(false)
      let bench = try SharedLoadBench(AlteredSharedLoadStore(memory, isAway: { _ in isAway.withLock { $0 } }))
      #expect(
        memory.submit(
          SharedLoad(id: "one", program: SharedLoadBench.program, generators: 1, document: bench.plan.bytes)))
      memory.start("other", in: .zero)
      let worker = bench.generator(
        "g", seconds: .max, silenceMax: place == 1 ? .seconds(60) : .milliseconds(20),
        during: { second in
          guard second == 2 else { return }
          if place == 1 { memory.remove("one") }
          if place == 2 { isAway.withLock { $0 = true } }
        })
      let pool = WorkerPool(threadCount: 1, niceness: 0)
      let isTaken = pool.submit(.waitedFor) { worker.work() }
      #expect(isTaken)
      while memory.progress(of: "one", after: [0])?.generators.first?.report.phase != .ready {}
      memory.start("one", in: .zero)
      while bench.news.withLock({ $0.allSatisfy { if case .stopped = $0 { false } else { true } } }) {}
      worker.stop()
      pool.finish()
      let told = bench.news.withLock { $0 }
      #expect(told.contains { if case .stopped(_, let why) = $0 { why.hasPrefix(reason) } else { false } }, "\(told)")
    }
  }

  @Test("the document of a load comes back as it was, and another one is refused with the member")
  func document() throws {
    let plan = try SharedLoadBench().plan
    let copy = try SharedLoadPlan(reading: plan.bytes)
    #expect(copy.bytes == plan.bytes && copy.cases == plan.cases && copy.seed == .max && copy.hold == nil)
    let text = String(decoding: plan.bytes, as: UTF8.self)
    for (from, to, member) in [
      ("\"format\":1", "\"format\":2", "load.format"), ("\"calls\":6", "\"calls\":0", "load.calls"),
      ("\"weights\":[3,1]", "\"weights\":[3]", "load.weights"),
      ("\"weights\":[3,1]", "\"weights\":[3,0]", "load.weights"),
      ("\"target\"", "\"target2\"", "load.target"), ("{", "[", "load"),
    ] {
      let bad = text.replacing(from, with: to, maxReplacements: 1)
      #expect(bad != text)
      let error = #expect(throws: WireFault.self) { try SharedLoadPlan(reading: Array(bad.utf8)) }
      #expect(error?.message.hasPrefix(member) == true, "\(error?.message ?? "")")
    }
  }

  @Test("a clock that is two seconds off, or runs slow while it is asked, moves no instant")
  func clock() {
    // Microseconds that pass with each look at either clock.
    for (step, off) in [(Int64(10), Int64(2_000_000)), (1, -2_000_000), (400, 1_790_000_000_000_000)] {
      var time = Int64(5_000_000)
      func tick() -> Int64 {
        time += step
        return time
      }
      let clock = StoreClock(questions: 50, now: tick, store: { tick() + off })
      #expect(abs(Int64(clock.own(10_000_000 + off)) - 10_000_000) <= step && clock.error <= .microseconds(step + 1))
    }
  }
}
