import CallCore
import Testing

@Suite("The trace of a call")
struct SpanContextTests {
  private static let sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
  private static let unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
  private static let trace = TraceID(drawn: 1, 2)

  private func context(_ parent: String?, isSampled: Bool) -> SpanContext {
    SpanContext(parent: parent.flatMap { TraceParent($0) }, trace: Self.trace, seed: 5, isSampled: isSampled)
  }

  @Test("is its caller's, under a span of the call's own")
  func goesOn() throws {
    let told = try #require(context(Self.sampled, isSampled: true).traceparent(of: RequestID(3)))
    let parent = try #require(TraceParent(told))
    #expect(parent.trace.text == "0af7651916cd43dd8448eb211c80319c" && parent.isSampled)
    #expect(parent.span.text != "b7ad6b7169203331")
  }

  @Test("begins with the call where nobody says")
  func begins() {
    #expect(context(nil, isSampled: true).traceparent(of: nil)?.hasPrefix("00-\(Self.trace.text)-") == true)
    #expect(Self.trace.text == "00000000000000010000000000000002")
  }

  @Test("is passed on as it came where no spans are sent", arguments: [sampled, unsampled, nil])
  func passedOn(parent: String?) {
    #expect(context(parent, isSampled: false).traceparent(of: RequestID(1)) == parent)
  }

  @Test("has another span for each request")
  func spans() {
    let context = context(nil, isSampled: true)
    let told = Set((1...1000).map { context.traceparent(of: RequestID($0)) } + [context.traceparent(of: nil)])
    #expect(told.count == 1001)
  }

  @Test("has an id that is drawn, and never one of zeros")
  func drawn() {
    #expect(TraceID(drawn: 0, 0).text == String(repeating: "0", count: 31) + "1")
    #expect(TraceID(high: 0, low: 0) == nil && SpanID(0) == nil)
  }

  private static let samplers: [(TraceSampler.Kind, alone: Bool, ofSampled: Bool, ofUnsampled: Bool)] = [
    (.alwaysOn, true, true, true), (.alwaysOff, false, false, false), (.parentOn, true, true, false),
    (.parentOff, false, true, false), (.parentRatio, false, true, false), (.ratio, false, false, false),
  ]

  @Test("is sent as the sampler says", arguments: samplers)
  func sampler(kind: TraceSampler.Kind, alone: Bool, ofSampled: Bool, ofUnsampled: Bool) {
    var sampler = TraceSampler()
    (sampler.kind, sampler.millionths) = (kind, 0)
    #expect(sampler.samples(nil, trace: Self.trace) == alone)
    #expect(sampler.samples(TraceParent(Self.sampled), trace: Self.trace) == ofSampled)
    #expect(sampler.samples(TraceParent(Self.unsampled), trace: Self.trace) == ofUnsampled)
  }

  @Test("of a share of all is decided by its id alone", arguments: [0, 100_000, 500_000, 1_000_000])
  func share(millionths: Int) {
    var sampler = TraceSampler()
    (sampler.kind, sampler.millionths) = (.ratio, millionths)
    // Ids that are spread evenly over all that there are.
    let taken = (0..<1000).count { number in
      let trace = TraceID(drawn: 9, (1 << 56) / 1000 * UInt64(number))
      return sampler.samples(nil, trace: trace)
    }
    #expect(taken == millionths / 1000)
  }
}
