import Testing
import WebSockets

@Suite("Request heads are read strictly")
struct RequestHeadTests {
  private func head(_ text: String) throws(HTTPFault) -> RequestHead {
    var bytes = Array(text.utf8)
    return try bytes.withUnsafeMutableBytes { bytes -> Result<RequestHead, HTTPFault> in
      do throws(HTTPFault) { return .success(try RequestHead(UnsafeRawBufferPointer(bytes))) } catch {
        return .failure(error)
      }
    }.get()
  }

  private func status(_ text: String) -> Int {
    do throws(HTTPFault) {
      _ = try head(text)
      return 200
    } catch { return error.status }
  }

  @Test(
    "what could be read in two ways is refused",
    arguments: [
      ("GET / HTTP/1.1\r\nhost: x\r\nTransfer-Encoding : chunked\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nContent-Length: +5\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nContent-Length: -1\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 0x5\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 5, 5\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nContent-Length:\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 200),
      ("POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
      ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nhost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.0\r\n\r\n", 200), ("GET / HTTP/1.1\r\nhost:\r\n\r\n", 200),
      ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nhost: a\r\n folded\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nhost: x\r\nx: a\rb\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nhost: x\r\n: a\r\n\r\n", 400), ("GET / HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n", 400),
      ("GET /a%0db HTTP/1.1\r\nhost: x\r\n\r\n", 400), ("GET /a%00b HTTP/1.1\r\nhost: x\r\n\r\n", 400),
      ("GET /%zz HTTP/1.1\r\nhost: x\r\n\r\n", 400), ("GET /%4 HTTP/1.1\r\nhost: x\r\n\r\n", 400),
      ("GET /%ff HTTP/1.1\r\nhost: x\r\n\r\n", 400), ("GET /../x HTTP/1.1\r\nhost: x\r\n\r\n", 400),
      ("GET /%2e%2e/x HTTP/1.1\r\nhost: x\r\n\r\n", 400), ("GET x HTTP/1.1\r\nhost: x\r\n\r\n", 400),
      ("GET * HTTP/1.1\r\nhost: x\r\n\r\n", 400), ("OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n", 200),
      ("CONNECT a:443 HTTP/1.1\r\nhost: x\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nhost: x\r\n\r\n", 400),
      ("GET / HTTP/2.0\r\nhost: x\r\n\r\n", 505), ("GET /\r\nhost: x\r\n\r\n", 400), ("\r\n\r\n", 400),
      ("GET / HTTP/1.1\nhost: x\n\n", 200), ("POST / HTTP/1.1\r\nhost: x\r\nexpect: tea\r\n\r\n", 417),
      ("GET x://a/b HTTP/1.1\r\nhost: x\r\n\r\n", 400), ("GET http://u@a/b HTTP/1.1\r\nhost: x\r\n\r\n", 400),
    ])
  func strict(text: String, expected: Int) { #expect(status(text) == expected) }

  @Test("a target is decoded; an absolute one names the host")
  func target() throws {
    let plain = try head("GET /a/./b/../%63%20d?x=1+2&y=%2B&z HTTP/1.1\r\nHost: h\r\n\r\n").request
    #expect(plain.path == "/a/c d")
    #expect(plain.query == [.init(name: "x", value: "1 2"), .init(name: "y", value: "+"), .init(name: "z", value: "")])
    let absolute = try head("GET http://other:81/p?q=1 HTTP/1.1\r\nHost: h\r\n\r\n").request
    #expect(absolute.path == "/p" && absolute.headers["host"] == "other:81")
  }

  @Test("a length that no number holds is longer than every limit")
  func hugeLength() throws {
    let framing = try head("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: \(String(repeating: "9", count: 40))\r\n\r\n")
      .framing
    #expect(framing == .length(.max))
    #expect(throws: HTTPFault.self) { try BodyReader(framing, bytesMax: 10) }
  }

  @Test("a hundred header lines are read, one more is 431")
  func lines() throws {
    let some = { (count: Int) in "GET / HTTP/1.1\r\nhost: x\r\n" + String(repeating: "a:\r\n", count: count) + "\r\n" }
    #expect(try head(some(99)).request.headers["a"]?.utf8.count == 98 * 2)
    #expect(status(some(100)) == 431)
  }

  @Test("any head gives a request or a fault: every byte at every place of a right one")
  func everyByte() {
    let right = Array(
      "PUT http://h/a%20b?c=d HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\n".utf8)
    var faults = 0
    for place in right.indices {
      for byte in UInt8.min...UInt8.max {
        var bytes = right
        bytes[place] = byte
        if status(String(decoding: bytes, as: UTF8.self)) != 200 { faults += 1 }
      }
    }
    #expect(faults > right.count)
  }
}

@Suite("Bodies are taken out of what comes")
struct BodyReaderTests {
  private func take(_ text: String, inPieces count: Int, bytesMax: Int = 100) throws(HTTPFault) -> (
    BodyReader, used: Int
  ) {
    var reader = try BodyReader(.chunked, bytesMax: bytesMax)
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count, !reader.isDone {
      let piece = Array(bytes[index..<min(bytes.count, index + count)])
      let outcome = piece.withUnsafeBytes { piece -> Result<Int, HTTPFault> in
        do throws(HTTPFault) { return .success(try reader.consume(piece)) } catch { return .failure(error) }
      }
      index += try outcome.get()
    }
    return (reader, index)
  }

  @Test("chunks, split anywhere; what follows is the next request's", arguments: 1...40)
  func chunks(piece: Int) throws {
    let text = "5\r\nhello\r\n6;x=\"y\"\r\n world\r\n0\r\nTrailer: t\r\n\r\nGET"
    let (reader, used) = try take(text, inPieces: piece)
    #expect(reader.isDone && String(decoding: reader.body, as: UTF8.self) == "hello world")
    #expect(used == text.utf8.count - 3)
  }

  @Test("extensions are read over as long as they are few: a signature for each chunk, not a megabyte")
  func extensions() throws {
    let signed = String(repeating: "1;chunk-signature=\(String(repeating: "f", count: 64))\r\nx\r\n", count: 700)
    let (reader, _) = try take(signed + "0\r\n\r\n", inPieces: 1_000, bytesMax: 1_000)
    #expect(reader.isDone && reader.body.count == 700)
    let long = String(repeating: "1;\(String(repeating: "y", count: 4_000))\r\nx\r\n", count: 20)
    #expect(throws: HTTPFault.self) { try take(long, inPieces: 1_000) }
  }

  @Test(
    "broken chunks",
    arguments: [
      ("5\nhello", 400), ("x\r\n", 400), ("\r\n", 400), ("-1\r\n", 400), ("+5\r\n", 400), ("5\r\nhelloX", 400),
      ("ffffffff\r\n", 413), ("111111111\r\n", 413), ("65\r\n", 413), ("0\r\n\rx", 400),
      ("0\r\nA: b\n\n", 400), ("0\r\nA: b\n\r\n", 400),
      ("0\r\nA: \u{1}\r\n", 400), ("5;\u{1}\r\n", 400),
    ])
  func broken(text: String, expected: Int) {
    do throws(HTTPFault) {
      _ = try take(text, inPieces: 3)
      Issue.record("taken")
    } catch { #expect(error.status == expected) }
  }
}
