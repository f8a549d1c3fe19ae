import Bounds
import Testing

@Suite("A bucket of tokens")
struct TokenBucketTests {
  @Test("takes what it holds at once, and then its rate, however the time goes")
  func rate() {
    var bucket = TokenBucket(perSecond: 50, atOnce: 500)
    func taken(_ count: Int, at now: UInt64) -> Int { (0..<count).count { _ in bucket.consume(at: now) } }
    #expect(taken(1000, at: 5_000_000) == 500)
    #expect(taken(1000, at: 5_019_999) == 0)
    #expect(taken(1000, at: 5_020_000) == 1)
    #expect(taken(1000, at: 7_020_000) == 100)
    #expect(taken(1000, at: 1) == 0, "a time that goes back gives nothing")
    #expect(taken(1000, at: .max) == 500)
    for second in 0..<1000 { #expect(taken(200, at: .max - 1_000_000 * UInt64(second)) == 0) }
  }

  @Test("takes back what came to nothing, and holds no more than ever")
  func restore() {
    var bucket = TokenBucket(perSecond: 1, atOnce: 2)
    bucket.restore()
    func taken(_ count: Int, at now: UInt64) -> Int { (0..<count).count { _ in bucket.consume(at: now) } }
    #expect(taken(3, at: 0) == 2)
    bucket.restore()
    #expect(taken(3, at: 0) == 1)
  }

  @Test("says how long to wait, to the microsecond, and when it is as good as new", arguments: [1, 7, 60, 1000])
  func wait(perMinute: Int) {
    var bucket = TokenBucket(perMinute: perMinute, atOnce: 3)
    #expect(bucket.isFull(at: 0) && bucket.wait(at: 0) == 0)
    while bucket.consume(at: 1000) {}
    let wait = bucket.wait(at: 1000)
    #expect(wait == (60_000_000 + UInt64(perMinute) - 1) / UInt64(perMinute))
    #expect(bucket.wait(at: 1000 + wait - 1) == 1 && bucket.wait(at: 1000 + wait) == 0)
    #expect(!bucket.isFull(at: 1000 + wait * 3 - 3) && bucket.isFull(at: 1000 + wait * 3))
  }
}
