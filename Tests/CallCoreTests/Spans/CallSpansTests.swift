import CallCore
import TestSupport
import Testing

@Suite("The spans of a call")
struct CallSpansTests {
  private static let context = SpanContext(parent: nil, trace: TraceID(drawn: 1, 2), seed: 5, isSampled: true)
  private static let stages = ["endpoint", "recognition", "flow", "synthesis", "playout"]

  private func spans(
    of record: CallRecord = SampleRecord.call, _ log: CallRequestLog = CallRequestLog(), showsWords: Bool = false
  ) -> [CallSpan] {
    CallSpans(of: record, log, in: Self.context, showsWords: showsWords).spans
  }

  private func value(_ name: String, of span: CallSpan?) -> SpanAttribute.Value? {
    span?.attributes.first { $0.name == name }?.value
  }

  private static func at(_ milliseconds: Int) -> Timestamp { .zero + .milliseconds(milliseconds) }

  @Test("begin with the call, and each is a part of one before it")
  func tree() throws {
    let spans = spans()
    let call = try #require(spans.first)
    #expect(call.name == "call" && call.kind == .server && call.parent == nil && call.duration == .milliseconds(31_250))
    for (index, span) in spans.enumerated().dropFirst() {
      #expect(spans[..<index].contains { $0.id == span.parent }, "\(span)")
    }
    #expect(Set(spans.map(\.id)).count == spans.count)
    #expect(value("session.id", of: call) == .text("c-17"))
  }

  @Test("have the stages of a turn one behind the other, up to the agent's first packet")
  func stageSpans() throws {
    let spans = spans()
    let turn = try #require(spans.first { $0.name == "turn" })
    let stages = Self.stages.compactMap { name in spans.first { $0.name == name && $0.parent == turn.id } }
    #expect(stages.map(\.name) == Self.stages)
    #expect(stages.last?.end == SampleRecord.agent.at)
    #expect(zip(stages, stages.dropFirst()).allSatisfy { $0.end == $1.start })
    #expect(stages.reduce(CallDuration.zero) { $0 + $1.duration } == SampleRecord.latency.total)
    #expect(turn.start == SampleRecord.caller.at && turn.end == SampleRecord.agent.at + .milliseconds(760))
    #expect(value("voiceforge.words", of: turn) == .number(4))
  }

  @Test("of random calls lie in one another, and their stages add up")
  func randomCalls() {
    var answered = 0
    for seed in 0..<200 {
      var story = RandomCall(seed: UInt64(seed))
      story.run(events: 400)
      guard story.record.reason != nil else { continue }
      let spans = spans(of: story.record)
      let places = Dictionary(uniqueKeysWithValues: spans.enumerated().map { ($1.id, $0) })
      let areInOrder = spans.enumerated().dropFirst().allSatisfy { index, span in
        span.parent.flatMap { places[$0] }.map { $0 < index } ?? false
      }
      let areInCall = spans.allSatisfy { .zero <= $0.start && $0.start <= $0.end && $0.end <= spans[0].end }
      #expect(areInOrder && areInCall, "replay with RandomCall(seed: \(seed)).run(events: 400)")
      let sums = spans.filter { $0.name == "turn" }.map { turn in
        spans.filter { $0.parent == turn.id && Self.stages.contains($0.name) }.reduce(CallDuration.zero) {
          $0 + $1.duration
        }
      }
      #expect(sums == story.record.turnLatencies.map(\.total), "replay with RandomCall(seed: \(seed)).run(events: 400)")
      answered += sums.count
    }
    #expect(answered > 200)
  }

  @Test("leave out a turn of which nobody knows when it was answered")
  func unknownTurn() {
    // The second turn of the sample has a latency, and stands neither in the transcript nor in the timeline.
    #expect(spans().count { $0.name == "turn" } == 1)
  }

  @Test("find the answer of a turn in the timeline where the transcript has no room for it")
  func answerOfTimeline() throws {
    var record = SampleRecord.call
    record.timeline = [
      TimelineEntry(at: Self.at(5000), kind: .turnEnded, detail: "turn 2"),
      TimelineEntry(at: Self.at(6000), kind: .turnEnded, detail: "turn 2"),
    ]
    let turns = spans(of: record).filter { $0.name == "turn" }
    let latency = SampleRecord.modelLatency
    #expect(turns.map(\.end).contains(Self.at(6000) + (latency.total - latency.endpoint)))
  }

  @Test("never end behind the call")
  func heardBehindTheEnd() throws {
    var record = SampleRecord.call
    record.duration = .milliseconds(4100)
    #expect(try #require(spans(of: record).first { $0.name == "utterance" }).end == Self.at(4100))
  }

  @Test("show nothing that was said, and no digit of the outcome or of a tool's name")
  func masked() {
    var record = SampleRecord.call
    record.outcome = "call 555-0100"
    record.timeline = [
      TimelineEntry(at: .zero, kind: .slotFilled, detail: "name=Miller"),
      TimelineEntry(at: .zero, kind: .keyPressed, detail: "7"),
      TimelineEntry(at: .zero, kind: .engineFailed, detail: "recognition-failed: Miller said 47"),
    ]
    record.toolCalls[0].name = "find-0815"
    let told = "\(spans(of: record))"
    for word in ["Miller", "table", "two", "555", "0815", "47\"", "\"7\""] { #expect(!told.contains(word), "\(word)") }
    #expect(told.contains("call ###-####") && told.contains("find-####") && told.contains("recognition-failed"))
    let shown = "\(spans(of: record, showsWords: true))"
    #expect(shown.contains("A table for") && shown.contains("555-0100"))
  }

  @Test(
    "say why a call failed", arguments: [(CloseReason.engineFailed, true), (.completed, false), (.callerHungUp, false)])
  func failure(reason: CloseReason, isFailure: Bool) {
    var record = SampleRecord.call
    record.reason = reason
    #expect((spans(of: record)[0].failure != nil) == isFailure)
  }

  @Test("keep 128 events and count the others")
  func manyEvents() {
    var record = SampleRecord.call
    record.timeline = (0..<200).map { TimelineEntry(at: Self.at($0), kind: .noMatch, detail: "") }
    record.timelineDropped = 5
    let call = spans(of: record)[0]
    #expect(call.events.count == CallSpan.eventsMax && call.eventsDropped == 77)
  }

  @Test("have what was asked for, how it ended and what it cost")
  func requests() throws {
    var log = CallRequestLog()
    log.ask(.recognition(.final), RequestID(1), at: Self.at(3600))
    log.ask(.model(isEarly: false), RequestID(2), at: Self.at(3650))
    log.ask(.tool(state: "look", method: "GET"), RequestID(3), at: Self.at(3700))
    log.ask(.synthesis(UtteranceID(2), sentence: 0), at: Self.at(3800))
    log.ask(.comparison, RequestID(4), at: Self.at(9000))
    log.end(RequestID(1), .cancelled, at: Self.at(3640))
    log.note(.text("Hello"), of: RequestID(2), at: Self.at(3680))
    log.note(.usage(ModelUsage(promptTokens: 11, answerTokens: 7)), of: RequestID(2), at: Self.at(3690))
    log.end(RequestID(2), .answered, model: "small", at: Self.at(3690))
    log.end(RequestID(3), .answered, status: 200, at: Self.at(3790))
    log.end(UtteranceID(2), sentence: 0, .failed("timed_out"), at: Self.at(3900))
    let spans = spans(of: SampleRecord.call, log)
    let turn = try #require(spans.first { $0.name == "turn" })
    let chat = try #require(spans.first { $0.name == "chat small" })
    #expect(chat.kind == .client && chat.parent == turn.id && chat.duration == .milliseconds(40))
    #expect(value("voiceforge.model.first_token_ms", of: chat) == .number(30))
    #expect(value("gen_ai.usage.output_tokens", of: chat) == .number(7))
    #expect(value("http.response.status_code", of: spans.first { $0.name == "GET" }) == .number(200))
    #expect(value("voiceforge.cancelled", of: spans.first { $0.name == "speech.recognize" }) == .flag(true))
    #expect(spans.first { $0.name == "speech.synthesize" }?.failure == "no answer: timed_out")
    // Still open at the end, and in no turn.
    let compared = try #require(spans.first { $0.name == "meaning.compare" })
    #expect(compared.end == Self.at(31_250) && compared.parent == spans[0].id)
    // What a tool is told is the span that is sent.
    #expect(Self.context.traceparent(of: RequestID(2))?.contains(chat.id.text) == true)
  }

  @Test("stop at a limit of requests, and count the others")
  func manyRequests() {
    var log = CallRequestLog()
    for number in 1...CallRequestLog.requestsMax + 3 { log.ask(.comparison, RequestID(number), at: .zero) }
    log.end(RequestID(CallRequestLog.requestsMax + 1), .answered, at: .zero)
    #expect(log.requests.count == CallRequestLog.requestsMax && log.dropped == 3)
    #expect(value("voiceforge.requests.dropped", of: spans(of: SampleRecord.call, log)[0]) == .number(3))
  }
}
