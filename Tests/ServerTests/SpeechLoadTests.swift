import TestSupport
import CallCore
import CallDriver
import CallServer
import Glibc
import Testing
import WebSockets

extension ServerTests {
  @Suite("Speech over HTTP under load")
  struct SpeechLoadTests {
    private func begin(_ server: TestServer, _ input: String = "Zebras graze.") throws -> RawSocket {
      let body = SpeechTests.body("\"response_format\":\"wav\"", input: input)
      let socket = try RawSocket(port: server.server.port)
      socket.write(
        "POST /v1/audio/speech HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n"
          + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
      return socket
    }

    @Test("more requests than an address' share: 429 with Retry-After, and the others are served")
    func full() throws {
      let mouth = try HeldSynthesizer(start: "Zebras")
      let server = try TestServer(engines: EngineDouble(synthesizer: mouth)) { $0.speech.requestsMax = 4 }
      mouth.isHeld.change { $0 = true }
      let (one, two) = (try begin(server), try begin(server))
      #expect(
        try eventually {
          let answer = try begin(server).read { $0.contains("}}") }
          return answer.hasPrefix("HTTP/1.1 429 ") && answer.contains("retry-after: ")
            && answer.contains("\"rate_limit_exceeded\"")
        })
      mouth.isHeld.change { $0 = false }
      for socket in [one, two] { #expect(socket.read { $0.contains("\r\n") }.hasPrefix("HTTP/1.1 200 ")) }
      #expect(try eventually { try begin(server).read { $0.contains("\r\n") }.hasPrefix("HTTP/1.1 200 ") })
    }

    @Test("who waits too long for a thread is told, and may come again")
    func expired() throws {
      let mouth = try HeldSynthesizer(start: "Zebras")
      let server = try TestServer(engines: EngineDouble(synthesizer: mouth)) {
        $0.speech.waitMax = .milliseconds(300)
        $0.speechThreads = 1
      }
      mouth.isHeld.change { $0 = true }
      let first = try begin(server)
      #expect(mouth.begun.wait { $0 == 1 })
      let second = try begin(server).read { $0.contains("\r\n\r\n") }
      #expect(second.hasPrefix("HTTP/1.1 503 ") && second.contains("retry-after: "))
      mouth.isHeld.change { $0 = false }
      #expect(first.read { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("clients that are slow to read take no place while they read, and one address has its share of streams")
    func slowReaders() throws {
      let server = try TestServer(engines: EngineDouble(synthesizer: try LongSynthesizer())) {
        $0.speech.requestsMax = 2
        $0.speech.streamsMax = 8
      }
      let story = (1...3).map { "Sentence number \($0) of a long story is spoken for nobody." }.joined(separator: " ")
      var readers: [RawSocket] = []
      for _ in 0..<4 {
        let reader = try begin(server, story)
        var bytes: Int32 = 4096
        setsockopt(reader.descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        #expect(reader.read { $0.contains("\r\n") }.hasPrefix("HTTP/1.1 200 "))
        readers.append(reader)
      }
      // Four answers have begun, with two places for work in all.
      #expect(try server.figure("voiceforge_speech_streams") == 4)
      #expect(try eventually { try server.figure("voiceforge_speech_requests") == 0 })
      let more = try begin(server).read { $0.contains("}}") }
      #expect(more.hasPrefix("HTTP/1.1 429 ") && more.contains("retry-after: "))
      readers.removeFirst().hangUp()
      #expect(try eventually { try server.figure("voiceforge_speech_streams") == 3 })
      #expect(try begin(server).read { $0.contains("\r\n") }.hasPrefix("HTTP/1.1 200 "))
    }

    /// So much sound for each sentence of the story that no socket takes it at once.
    private final class LongSynthesizer: SpeechSynthesizer {
      private let real: any SpeechSynthesizer

      init() throws { real = try TestEngines.catalog.synthesizer() }

      var voices: [Voice] { real.voices }

      func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
        guard text.hasPrefix("Sentence") else { return try real.synthesize(text, voice: voice) }
        return PCMBuffer(sampleRate: 24_000, samples: [Int16](repeating: 1, count: 5_000_000))
      }
    }

    /// Decodes nothing until nobody wants it any more.
    private final class HeldSounds: SoundFormats {
      /// Files that were begun, and those that were given up.
      let begun = Probe(0)
      let given = Probe(0)

      func resample(_ speech: PCMBuffer, to rate: Int) throws(EngineError) -> PCMBuffer { throw .unsupported("a test") }
      func makeOggWriter(sampleRate: Int) throws(EngineError) -> any SoundWriter { throw .unsupported("a test") }
      func encode(_ speech: PCMBuffer, as format: CompressedFormat, isWhole: Bool) throws(EngineError) -> [UInt8] {
        throw .unsupported("a test")
      }

      func decode(
        _ bytes: [UInt8], secondsMax: Int, cancellation: CancellationToken
      ) throws(SoundFault) -> DecodedSound {
        let isGone = Probe(false)
        cancellation.run(onCancel: { isGone.change { $0 = true } }) {
          begun.change { $0 += 1 }
          isGone.wait { $0 }
        }
        given.change { $0 += 1 }
        throw SoundFault("nobody wants it")
      }
    }

    private func upload(_ server: TestServer) throws -> RawSocket {
      let socket = try RawSocket(port: server.server.port)
      let file = Array("ID3".utf8) + [UInt8](repeating: 0, count: 997)
      socket.write(
        "POST /api/stt HTTP/1.1\r\nhost: localhost\r\ncontent-type: audio/mpeg\r\nconnection: close\r\n"
          + "content-length: \(file.count)\r\n\r\n")
      socket.write(file)
      return socket
    }

    @Test("a file of a client that is gone is decoded no further, and not at all if that has not begun")
    func goneUploads() throws {
      let sounds = HeldSounds()
      let server = try TestServer(engines: EngineDouble(sounds: sounds)) { $0.speech.heldBytesMax = 1 << 30 }
      // Two are decoded at once.
      let decoded = try (0..<2).map { _ in try upload(server) }
      #expect(sounds.begun.wait { $0 == 2 })
      let waiting = try (0..<2).map { _ in try upload(server) }
      #expect(try eventually { try server.figure("voiceforge_speech_requests") == 4 })
      for upload in waiting { upload.hangUp() }
      // Whoever is answered now came behind them at the loop that watches clients.
      for _ in 0..<2 { #expect(try server.figure("voiceforge_speech_requests") == 4) }
      for upload in decoded { upload.hangUp() }
      #expect(sounds.given.wait { $0 == 2 })
      #expect(try eventually { try server.figure("voiceforge_speech_requests") == 0 })
      #expect(sounds.begun.wait(0) { $0 == 2 }, "those that waited were not begun")
    }

    @Test("one client holds half of the bytes at most: 429 beyond that, while others are taken")
    func bytes() throws {
      let sounds = HeldSounds()
      // A compressed file may become ten minutes of sound, 19.2 MB.
      let server = try TestServer(engines: EngineDouble(sounds: sounds)) { $0.speech.heldBytesMax = 60_000_000 }
      let first = try upload(server)
      #expect(try eventually { try server.figure("voiceforge_speech_requests") == 1 })
      let second = try upload(server)
      #expect(try eventually { try server.figure("voiceforge_speech_requests") == 2 })
      let third = try upload(server).read { $0.contains("too many") }
      #expect(third.hasPrefix("HTTP/1.1 429 ") && third.contains("of this key or address"), "\(third)")
      for upload in [first, second] { upload.hangUp() }
      #expect(try eventually { try server.figure("voiceforge_speech_requests") == 0 })
      let fourth = try upload(server)
      #expect(try eventually { try server.figure("voiceforge_speech_requests") == 1 })
      fourth.hangUp()
    }

    @Test("engines that are not there yet: 503 with Retry-After")
    func loading() throws {
      let engines = SlowEngines()
      let server = try TestServer(engines: engines, waits: false)
      let answer = try begin(server).read { $0.contains("}}") }
      #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("\"engines_not_ready\""))
      engines.isLoaded.change { $0 = true }
    }

    @Test("a call goes on while all places are taken by long texts")
    func callsFirst() throws {
      let server = try TestServer()
      let story = (1...60).map { "This is sentence number \($0) of a long story." }.joined(separator: " ")
      let sockets = try (0..<16).map { _ in try begin(server, story) }
      #expect(try SpokenCalls.works(at: server))
      for socket in sockets { socket.hangUp() }
    }
  }
}
