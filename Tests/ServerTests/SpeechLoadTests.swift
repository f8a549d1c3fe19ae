import CallCore
import CallDriver
import CallServer
import CallWire
import Testing
import WebSockets

extension ServerTests {
  @Suite("Speech over HTTP under load")
  struct SpeechLoadTests {
    private func begin(_ office: TestOffice, _ input: String = "Hello there.") throws -> RawSocket {
      let body = SpeechTests.body(input: input)
      let socket = try RawSocket(port: office.server.port)
      socket.write(
        "POST /v1/audio/speech HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n"
          + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
      return socket
    }

    @Test("more requests than places: 503 with Retry-After, and the others are served")
    func full() throws {
      let mouth = try HeldSynthesizer(start: "Hello")
      let office = try TestOffice(engines: EngineDouble(synthesizer: mouth)) { $0.speech.requestsMax = 2 }
      mouth.isHeld.change { $0 = true }
      let (one, two) = (try begin(office), try begin(office))
      #expect(
        try eventually(10) {
          let answer = try begin(office).read { $0.contains("}}") }
          return answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("retry-after: ")
            && answer.contains("\"overloaded\"")
        })
      mouth.isHeld.change { $0 = false }
      for socket in [one, two] { #expect(socket.read { $0.contains("\r\n") }.hasPrefix("HTTP/1.1 200 ")) }
      #expect(try eventually(10) { try begin(office).read { $0.contains("\r\n") }.hasPrefix("HTTP/1.1 200 ") })
    }

    @Test("who waits too long for a thread is told, and may come again")
    func expired() throws {
      let mouth = try HeldSynthesizer(start: "Hello")
      let office = try TestOffice(engines: EngineDouble(synthesizer: mouth)) {
        $0.speech.waitMax = .milliseconds(300)
        $0.speechThreads = 1
      }
      mouth.isHeld.change { $0 = true }
      let first = try begin(office)
      #expect(mouth.begun.wait(20) { $0 == 1 })
      let second = try begin(office).read { $0.contains("\r\n\r\n") }
      #expect(second.hasPrefix("HTTP/1.1 503 ") && second.contains("retry-after: "))
      mouth.isHeld.change { $0 = false }
      #expect(first.read { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("engines that are not there yet: 503 with Retry-After")
    func loading() throws {
      let engines = SlowEngines()
      let office = try TestOffice(engines: engines, waits: false)
      let answer = try begin(office).read { $0.contains("}}") }
      #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("\"engines_not_ready\""))
      engines.isLoaded.change { $0 = true }
    }

    @Test("a call goes on while all places are taken by long texts")
    func callsFirst() throws {
      let office = try TestOffice()
      let story = (1...60).map { "This is sentence number \($0) of a long story." }.joined(separator: " ")
      let sockets = try (0..<16).map { _ in try begin(office, story) }
      #expect(try SpokenCalls.works(at: office))
      for socket in sockets { socket.hangUp() }
    }
  }
}
