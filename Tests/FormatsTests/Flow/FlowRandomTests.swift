import CallCore
import Formats
import Foundation
import Testing

@Suite("Flows under random input")
struct FlowRandomTests {
  /// SplitMix64, so that a failure can be replayed by its seed.
  struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let words = [
    "yes", "no", "book", "cancel", "goodbye", "4711", "four", "seven", "double", "oh", "tomorrow", "next", "Monday",
    "the",
    "third",
    "of", "May", "half", "past", "three", "quarter", "to", "noon", "p.m.", "hundred", "and", "a", "repeat",
    "help", "Ada", "it's", "last", "digit", "is", "wrong", "sorry", "minus", "point", "3:30", "5/3", "4,711", "in",
    "weeks",
    "can wait", "charged", "um", "é", "…", "🙂", "{name}", "99999999999999999999", "million", "twenty", "first", "at",
    "urgent", "broken",
  ]

  private func input(_ dice: inout Dice) -> FlowInput {
    switch Int.random(in: 0..<18, using: &dice) {
    case 0: return .nothingSaid
    case 1: return .notUnderstood
    case 2: return .begin
    case 3: return .toolAnswered(.timedOut)
    case 4: return .toolAnswered(.answered(status: 200, values: ["order.status": "shipped"]))
    case 5:
      return .pressed(
        (0..<Int.random(in: 1...6, using: &dice)).map { _ in
          "0123456789*".randomElement(using: &dice).map(String.init) ?? ""
        }.joined())
    default:
      let count = Int.random(in: 1...4, using: &dice)
      return .said(
        (0..<count).map { _ in FlowRandomTests.words.randomElement(using: &dice) ?? "" }.joined(separator: " "))
    }
  }

  @Test(
    "Whatever comes in, a flow waits for the caller, for a tool, or has ended",
    arguments: [("appointment", 3), ("order-status", 3), ("support-triage", 2)])
  func alwaysWaits(name: String, endsMin: Int) throws {
    let library = try SampleFlows.library()
    let flow = try #require(library[name])
    var endings: Set<String> = []
    for seed in UInt64(0)..<300 {
      var dice = Dice(state: seed)
      var machine = FlowMachine(flow: flow, library: library, seed: seed, variables: ["today": "2026-05-01"])
      var waits = ""
      var outputs: [FlowOutput] = []
      machine.handle(.begin, into: &outputs)
      for _ in 0..<60 {
        for output in outputs {
          #expect(waits != "ended", "seed \(seed): \(output) after the end")
          switch output {
          case .listen: waits = "caller"
          case .callTool: waits = "tool"
          case .askModel: waits = "model"
          case .compare: waits = "meaning"
          case .end(let end):
            waits = "ended"
            endings.insert("\(end.reason.rawValue) \(end.outcome)")
          case .say(let text, _):
            #expect(!text.isEmpty && !text.contains("{order"), "seed \(seed)")
          case .saySSML(let text, _): #expect(text.hasWords, "seed \(seed)")
          case .entered(let state, _, _):
            #expect(
              library.flows.contains { $0.state(named: state) != nil }, "seed \(seed): \(state)")
          case .filled, .callClient, .toolUsed: break
          }
        }
        #expect(!waits.isEmpty, "seed \(seed): nothing is waited for")
        outputs = []
        machine.handle(input(&dice), into: &outputs)
      }
      #expect(machine.hasEnded == (waits == "ended"), "seed \(seed)")
    }
    #expect(endings.count >= endsMin, "too few ends were reached to mean anything: \(endings)")
  }

  @Test("A damaged file gives faults or a flow, never a crash, and a fault always has a place in it")
  func damaged() throws {
    let text = try String(contentsOf: SampleFlows.folder.appending(path: "support-triage.yaml"), encoding: .utf8)
    let lines = text.components(separatedBy: "\n")
    var wrong = 0
    for seed in UInt64(0)..<400 {
      var dice = Dice(state: seed)
      var damaged = lines
      for _ in 0..<Int.random(in: 1...3, using: &dice) {
        let line = Int.random(in: 0..<damaged.count, using: &dice)
        let characters = Array(damaged[line])
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: damaged.remove(at: line)
        case 1: damaged.insert(lines.randomElement(using: &dice) ?? "", at: line)
        case 2: damaged[line] = String(characters.shuffled(using: &dice))
        default: damaged[line] = String(characters.prefix(characters.count / 2))
        }
      }
      if case .failure(let found) = FlowReader.read(damaged.joined(separator: "\n"), file: "x.yaml") {
        wrong += 1
        #expect(!found.faults.isEmpty, "seed \(seed)")
        for fault in found.faults {
          #expect((1...(damaged.count + 1)).contains(fault.line) && fault.column >= 1, "seed \(seed): \(fault)")
          #expect(!fault.message.isEmpty, "seed \(seed)")
        }
      }
    }
    #expect(wrong > 200, "only \(wrong) of 400 damaged files were found wrong")
  }
}
