import CallServer
import Testing
import WebSockets

extension ServerTests {
  @Suite("Long answers that never change")
  struct SharedAnswersTests {
    private final class Maker {
      var made = 0

      func answer(bytes: Int, status: Int = 200) -> HTTPResponse {
        made += 1
        return HTTPResponse(status: status, body: [UInt8](repeating: UInt8(made), count: bytes))
      }
    }

    private func place(_ response: HTTPResponse) -> UnsafeRawPointer? {
      response.body.withUnsafeBytes { $0.baseAddress }
    }

    @Test("are made once, lie at one place for all, and are forgotten ten seconds after they were asked for last")
    func once() {
      let (shared, maker) = (ResponseCache(), Maker())
      let first = shared.response("a", at: 1_000_000) { maker.answer(bytes: 1000) }
      let second = shared.response("a", at: 9_000_000) { maker.answer(bytes: 1000) }
      #expect(maker.made == 1 && place(first) == place(second))
      shared.forgetUnused(at: 18_999_999)
      #expect(shared.bytes == 1000)
      shared.forgetUnused(at: 19_000_000)
      #expect(shared.bytes == 0)
      #expect(shared.response("a", at: 19_000_001) { maker.answer(bytes: 10) }.body == [UInt8](repeating: 2, count: 10))
      #expect(first.body.first == 1)
    }

    @Test("one that two made at the same time counts once, and both get the first")
    func twice() {
      let (shared, maker) = (ResponseCache(), Maker())
      var inner: HTTPResponse?
      let outer = shared.response("a", at: 1) {
        // The other thread comes and is done while this one is still at work.
        inner = shared.response("a", at: 1) { maker.answer(bytes: 1000) }
        return maker.answer(bytes: 1000)
      }
      #expect(maker.made == 2 && shared.bytes == 1000 && inner.map(place) == place(outer))
      shared.forgetUnused(at: .max)
      #expect(shared.bytes == 0)
    }

    @Test("what was not asked for longest makes room; what is larger than all, or no success, is not kept")
    func bounded() {
      let (shared, maker) = (ResponseCache(bytesMax: 2500), Maker())
      for (now, key) in ["a", "b", "a", "c"].enumerated() {
        _ = shared.response(key, at: UInt64(now)) { maker.answer(bytes: 1000) }
      }
      #expect(maker.made == 3 && shared.bytes == 2000)
      _ = shared.response("a", at: 5) { maker.answer(bytes: 1000) }
      #expect(maker.made == 3)
      _ = shared.response("b", at: 6) { maker.answer(bytes: 1000) }
      #expect(maker.made == 4)
      #expect(shared.response("large", at: 7) { maker.answer(bytes: 3000) }.body.count == 3000)
      #expect(shared.response("missing", at: 8) { maker.answer(bytes: 10, status: 404) }.status == 404)
      #expect(shared.bytes == 2000)
    }
  }
}
