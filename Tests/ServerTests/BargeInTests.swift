import CallClient
import CallCore
import CallDriver
import Wires
import Testing
import WebSockets

extension ServerTests {
  @Suite("A caller who interrupts")
  struct BargeInTests {
    /// The agent's long story, cut off after 2.5 s.
    private static let interrupted = Result { () throws -> CallOutcome in
      let server = try TestServer.shared.get()
      let turn = try TestEngines.turn(
        "Please stop now, I have a question.", cue: .overAgent(after: .milliseconds(2500)))
      return try SpokenCalls.call(CallerScript(flow: "story", turns: [turn]), at: server, keepsSamples: true)
    }

    @Test("is told to clear, and no packet of that utterance follows")
    func clear() throws {
      let outcome = try Self.interrupted.get()
      let cut = try #require(outcome.messages.firstIndex { $0.message == .clear(UtteranceID(1)) })
      let interruption = outcome.messages.compactMap { entry -> AgentNotice? in
        if case .agent(let notice) = entry.message, notice.state == .interrupted { notice } else { nil }
      }
      #expect(interruption.count == 1)
      #expect(interruption.first?.utterance == UtteranceID(1))
      let later = outcome.messages[cut...].contains { entry in
        if case .agent(let notice) = entry.message {
          notice.utterance == UtteranceID(1) && notice.state == .finished
        } else {
          false
        }
      }
      #expect(!later)
      #expect(outcome.report.reason == .completed)
      #expect(outcome.report.record?.record.outcome == "stopped")
    }

    /// How soon, exactly, is tested in virtual time: `BargeInTests` of the call core.
    @Test("is heard after the detected start of speech")
    func yieldTime() throws {
      let record = try #require(try Self.interrupted.get().report.record?.record)
      let started = try #require(record.timeline.first { $0.kind == .speechStarted })
      let cut = try #require(record.timeline.first { $0.kind == .bargeIn })
      let yield = cut.at - started.at
      print("barge-in: the agent yields \(yield.milliseconds) ms after the detected start of speech")
      #expect(yield > .zero)
    }

    @Test("finds in the history only what was audible")
    func history() throws {
      let outcome = try Self.interrupted.get()
      let id = try #require(outcome.report.record?.record.id)
      let stored = try #require(try TestServer.shared.get().record(id)).record
      let story = try #require(stored.transcript.first { $0.utterance == UtteranceID(1) })
      #expect(story.interrupted)
      #expect(!story.playedText.isEmpty)
      #expect(story.text.hasPrefix(story.playedText) && story.playedText.count < story.text.count)
      // 2.5 s; after that the caller's first 160 ms and the detector's delay.
      #expect(story.heard >= .milliseconds(2500), "\(story.heard.milliseconds) ms")
    }

    @Test("leaves the cut in the recording, where heardMs says")
    func recording() throws {
      let server = try TestServer.shared.get()
      let record = try #require(try Self.interrupted.get().report.record?.record)
      let story = try #require(record.transcript.first { $0.utterance == UtteranceID(1) })
      let next = try #require(record.transcript.first { $0.utterance == UtteranceID(2) })
      #expect(try #require(server.record(record.id)).recording != nil)
      let file = try Recording(server.ask("/api/calls/\(record.id)/recording").body)
      let cut = story.at.milliseconds + story.heard.milliseconds
      let end = try #require(Recording.soundEnd(file.agent, within: story.at.milliseconds..<next.at.milliseconds))
      print(
        "barge-in: heard \(story.heard.milliseconds) ms, cut at \(cut) ms, last sound of the recording at \(end) ms")
      // Two frames: sound may end before the cut where the agent was between two words, never after it.
      #expect(end <= cut + 20)
      #expect(end >= cut - 300)
      let after = Recording.soundEnd(file.agent, within: (cut + 20)..<next.at.milliseconds)
      #expect(after == nil, "the agent is silent from the cut until its next utterance")
      #expect(Recording.soundEnd(file.caller, within: cut..<cut + 1000) != nil, "the caller goes on over the cut")
    }

    @Test("hears nothing of the rest: the audio as received ends at the cut")
    func received() throws {
      let outcome = try Self.interrupted.get()
      let record = try #require(outcome.report.record?.record)
      let story = try #require(record.transcript.first { $0.utterance == UtteranceID(1) })
      let next = try #require(record.transcript.first { $0.utterance == UtteranceID(2) })
      let cut = story.at.milliseconds + story.heard.milliseconds
      let samples = outcome.report.agentSamples
      // What the caller's own clock says may be a frame off the server's.
      #expect(Recording.soundEnd(samples, within: (cut + 40)..<next.at.milliseconds - 40) == nil)
      #expect(Recording.soundEnd(samples, within: (cut - 600)..<cut + 40) != nil)
    }
  }
}
