import CallCore
import Testing

@Suite("The traceparent of W3C Trace Context")
struct TraceParentTests {
  private static let trace = "0af7651916cd43dd8448eb211c80319c"
  private static let span = "b7ad6b7169203331"
  private static let good = "00-\(trace)-\(span)-01"

  @Test("is read and written as it stands")
  func wholeOne() throws {
    let parent = try #require(TraceParent(Self.good))
    #expect(parent.trace.text == Self.trace && parent.span.text == Self.span && parent.isSampled)
    #expect(parent.text == Self.good)
    #expect(try #require(TraceParent("00-\(Self.trace)-\(Self.span)-00")).isSampled == false)
  }

  @Test(
    "of a later version may go on behind another dash",
    arguments: [
      "01-\(trace)-\(span)-01", "cc-\(trace)-\(span)-01-what-the-future-will-be-like", "fe-\(trace)-\(span)-01-",
    ])
  func later(text: String) { #expect(TraceParent(text)?.text == Self.good) }

  @Test("keeps the flags that have a meaning", arguments: [("ff", "03"), ("02", "02"), ("f8", "00"), ("09", "01")])
  func flags(read: String, written: String) {
    #expect(TraceParent("00-\(Self.trace)-\(Self.span)-\(read)")?.text == "00-\(Self.trace)-\(Self.span)-\(written)")
  }

  @Test(
    "that is none is nothing",
    arguments: [
      "", "00", "-", good + "-", good + "-00", good + "0", " " + good, good.uppercased(),
      "ff-\(trace)-\(span)-01", "0-\(trace)-\(span)-01", "0g-\(trace)-\(span)-01", "cc-\(trace)-\(span)-01.later",
      "00-\(String(repeating: "0", count: 32))-\(span)-01", "00-\(trace)-\(String(repeating: "0", count: 16))-01",
      "00-\(trace)-\(span)-0", "00-\(trace)-\(span)-0x", "00_\(trace)_\(span)_01",
      "00-\(trace.dropLast())-\(span)-01", "00-\(trace.dropLast())ü-\(span.dropLast())-01",
      "00-\(trace.dropLast())G-\(span)-01",
      good + "," + good,
    ])
  func bad(text: String) { #expect(TraceParent(text) == nil) }
}
