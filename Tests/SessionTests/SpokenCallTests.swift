import CallCore
import CallDriver
import Engines
import Foundation
import Testing

@Suite("Spoken calls with the real engines, in virtual time", .serialized)
struct SpokenCallTests {
  static let engines = EngineCatalog(folder: EngineFolder(environment: ProcessInfo.processInfo.environment))

  @Test("The agent greets, hears, and answers within 700 ms of the caller's last word")
  func conversation() throws {
    let line = try VirtualLine(engines: Self.engines, flow: EchoFlow())
    #expect(line.run { line.phase == "waiting" })
    for text in ["I would like to book an appointment.", "Tomorrow at half past three."] {
      try line.say(text)
      #expect(line.run { line.phase == "speaking" && !line.isSaying })
      #expect(line.run { line.phase == "waiting" })
    }
    line.session?.handle(.hungUp, at: line.now)
    let record = try #require(line.ended?.record)
    #expect(record.transcript.filter { $0.role == .caller }.count == 2)
    #expect(record.turnLatencies.allSatisfy { $0.total <= .milliseconds(700) })
    let usage = try #require(line.session?.usage)
    #expect(usage.calls == 1 && usage.turns == 2 && usage.callTime == record.duration && usage.refusedCalls == 0)
    let spoken = record.transcript.filter { $0.role == .agent }.map(\.text)
    // The sentences without the spaces between them; no sentence was said twice.
    #expect(usage.synthesizedCharacters <= spoken.map(\.count).reduce(0, +) && usage.cacheHits == 0)
    #expect(usage.synthesizedCharacters >= spoken.map { $0.count - 3 }.reduce(0, +))
    #expect(usage.synthesizedTime > .seconds(5) && usage.synthesizedTime < record.duration)
    #expect(usage.recognizedTime > .seconds(3) && usage.recognizedTime < record.duration, "\(usage.recognizedTime)")
  }

  @Test(
    "Where turns end by meaning, a whole sentence is answered sooner than silence would end it, and a short answer as ever"
  )
  func meaning() throws {
    var limits = TurnLimits()
    limits.endOfTurn = .meaning
    let line = try VirtualLine(engines: Self.engines, flow: EchoFlow(), limits: limits)
    #expect(line.run { line.phase == "waiting" })
    for text in ["I would like to book an appointment for tomorrow morning.", "Tomorrow."] {
      try line.say(text)
      #expect(line.run { line.phase == "speaking" && !line.isSaying })
      #expect(line.run { line.phase == "waiting" })
    }
    line.session?.handle(.hungUp, at: line.now)
    let latencies = try #require(line.ended?.record).turnLatencies
    #expect(latencies.map(\.endedBy) == [.meaning, .silence])
    #expect(latencies[0].endpoint <= .milliseconds(330) && latencies[1].endpoint >= .milliseconds(500), "\(latencies)")
  }

  @Test("A caller who sends nothing while silent is heard once, and each sound in one turn")
  func pushToTalk() throws {
    let line = try VirtualLine(engines: Self.engines, flow: EchoFlow())
    line.sendsSilence = false
    #expect(line.run { line.phase == "waiting" })
    for text in ["I would like to book an appointment.", "Tomorrow at half past three."] {
      try line.say(text)
      #expect(line.run { line.phase == "speaking" && !line.isSaying })
      #expect(line.run { line.phase == "waiting" })
      line.run(for: .seconds(5))
    }
    line.session?.handle(.hungUp, at: line.now)
    let record = try #require(line.ended?.record)
    let heard = record.transcript.filter { $0.role == .caller }.map(\.text)
    #expect(heard.count == 2 && record.turns == 2, "\(heard)")
    #expect(heard.last?.contains("appointment") == false)
  }
}
