import CAllocationCounter
import CallCore
import CallDriver
import CallServer
import Glibc
import TestSupport
import Testing
import Wires

extension ServerTests {
  /// Counted on the media loop of a real server with one call on it: socket, packet, decoder, gate, machine, playout, socket.
  @Suite(
    "A frame allocates nothing on the media loop",
    .enabled(
      if: counts_allocations() != 0 && BuildConfiguration.isRelease,
      "a sanitizer has its own allocator, and code that is not optimised allocates of itself"))
  struct AllocationTests {
    @Test("while the server listens to silence")
    func silence() throws {
      let least = try Self.least {
        let codecs = CountingCodecs()
        let server = try Self.server(codecs)
        let line = try HandDrivenCall(server, flow: "chat")
        #expect(line.log.wait { $0.finished.count == 1 })
        let silence = try Self.packets(PCMBuffer(sampleRate: 16_000, samples: [Int16](repeating: 0, count: 320)))
        let counts = try Self.run(line, codecs.log, frames: 150) { _ in silence[0] }
        return Self.judge("silence", counts)
      }
      #expect(least == 0)
    }

    @Test("while the agent speaks")
    func playing() throws {
      let least = try Self.least {
        let codecs = CountingCodecs()
        let server = try Self.server(codecs)
        let line = try HandDrivenCall(server, flow: "story")
        #expect(line.log.wait { $0.packets.count > 10 })
        let silence = try Self.packets(PCMBuffer(sampleRate: 16_000, samples: [Int16](repeating: 0, count: 320)))
        let counts = try Self.run(line, codecs.log, frames: 300) { _ in silence[0] }
        #expect(line.log.current.finished.isEmpty, "the story was still being told")
        return Self.judge("agent speaks", counts)
      }
      #expect(least == 0)
    }

    @Test("while the caller speaks")
    func speaking() throws {
      let least = try Self.least {
        let codecs = CountingCodecs()
        let server = try Self.server(codecs)
        let line = try HandDrivenCall(server, flow: "chat")
        #expect(line.log.wait { $0.finished.count == 1 })
        let speech = try Self.packets(TestEngines.speech("I would like to book an appointment for my mother and me."))
        let counts = try Self.run(line, codecs.log, frames: 150) { speech[$0 % speech.count] }
        #expect(line.log.current.texts.contains { $0.contains(#""state":"started""#) && $0.contains("speech") })
        return Self.judge("caller speaks", counts)
      }
      #expect(least == 0)
    }

    @Test("while the agent speaks over a telephone provider's media stream", arguments: [CallWire.twilio, .plivo])
    func mediaStream(_ wire: CallWire) throws {
      let least = try Self.least {
        let codecs = CountingCodecs()
        let server = try Self.server(codecs)
        let line = try HandDrivenCall(server, path: "/\(wire.rawValue)/stream?flow=story")
        let format = wire == .twilio ? "audio/x-mulaw" : "audio/x-l16"
        line.send(
          text: #"{"event":"start","start":{"callId":"C1","streamId":"S1","streamSid":"S1","#
            + #""mediaFormat":{"encoding":"\#(format)","sampleRate":8000}}}"#)
        #expect(line.log.wait { $0.texts.count > 10 })
        // 160 bytes of µ-law, or 320 of linear samples.
        let payload =
          wire == .twilio
          ? String(repeating: "/", count: 213) + "w==" : String(repeating: "A", count: 427) + "="
        let counts = try Self.run(codecs.log, frames: 300) { index in
          line.send(
            text:
              #"{"event":"media","sequenceNumber":"\#(index)","streamSid":"S1","streamId":"S1","media":{"track":"inbound","#
              + #""chunk":"\#(index)","timestamp":"\#(index * 20)","payload":"\#(payload)"}}"#)
        }
        #expect(line.log.current.closed == nil, "the story was still being told")
        return Self.judge("agent speaks over \(wire.rawValue)", counts)
      }
      #expect(least == 0)
    }

    @Test("while the agent speaks to a Realtime client, which appends audio")
    func realtime() throws {
      let least = try Self.least {
        let codecs = CountingCodecs()
        let server = try Self.server(codecs)
        let line = try HandDrivenCall(server, path: "/v1/realtime?model=story")
        #expect(line.log.wait { $0.texts.count > 20 })
        let audio = String(repeating: "A", count: 1280)
        let counts = try Self.run(codecs.log, frames: 300) { _ in
          line.send(text: #"{"type":"input_audio_buffer.append","audio":"\#(audio)"}"#)
        }
        #expect(line.log.current.closed == nil, "the story was still being told")
        return Self.judge("agent speaks over realtime", counts)
      }
      #expect(least == 0)
    }

    @Test("while the agent speaks over the JSON wire, whose client sends audio")
    func json() throws {
      let least = try Self.least {
        let codecs = CountingCodecs()
        let server = try Self.server(codecs)
        let line = try HandDrivenCall(server, path: "/ws/realtime")
        line.send(text: #"{"type":"init","eventId":"i","config":{"agentEnabled":true,"model":"story"}}"#)
        #expect(line.log.wait { $0.texts.count > 10 })
        // 640 bytes.
        let audio = String(repeating: "A", count: 854) + "=="
        let counts = try Self.run(codecs.log, frames: 300) { index in
          line.send(text: #"{"type":"audio_chunk","eventId":"e\#(index)","chunk":"\#(audio)","timestamp":\#(index)}"#)
        }
        #expect(line.log.current.closed == nil, "the story was still being told")
        return Self.judge("agent speaks over the JSON wire", counts)
      }
      #expect(least == 0)
    }

    /// What frames allocate in the best of three runs: what a frame allocates of itself is there in each of them. What grows because the machine was
    /// held up, as when packets of several frames leave together, is not.
    private static func least(_ run: () throws -> Int) rethrows -> Int {
      var least = Int.max
      for _ in 0..<3 where least > 0 { least = min(least, try run()) }
      return least
    }

    private static func server(_ codecs: CountingCodecs) throws -> TestServer {
      try TestServer(engines: EngineDouble(codecs: codecs)) {
        $0.mediaLoops = 1
        $0.partialsUpTo = 0
      }
    }

    private static func packets(_ speech: PCMBuffer) throws -> [[UInt8]] {
      let encoded = try TestEngines.catalog.codecs.makeEncoder(TestEngines.opus).encode(speech)
      return (0..<encoded.packetCount).map { index in encoded.withPacket(index) { Array($0) } }
    }

    /// Sends packets in real time.
    /// - Returns: allocations of each frame, the first 25 left out: a turn's buffers are borrowed there.
    private static func run(
      _ line: HandDrivenCall, _ log: AllocationLog, frames: Int, packet: (Int) -> [UInt8]
    ) throws -> [Int] {
      try run(log, frames: frames) { line.send(packet: packet($0)) }
    }

    private static func run(_ log: AllocationLog, frames: Int, send: (Int) -> Void) throws -> [Int] {
      let start = log.count
      for index in 0..<frames {
        send(index)
        usleep(20_000)
      }
      #expect(eventually { log.count >= start + frames })
      return log.perFrame(from: start + 25, count: frames - 26)
    }

    private static func judge(_ what: String, _ counts: [Int]) -> Int {
      let total = counts.reduce(0, +)
      let busy = counts.enumerated().filter { $0.element > 0 }.map { "\($0.offset): \($0.element)" }
      print(
        "allocations, \(what): \(total) in \(counts.count) frames, \(busy.count) frames with any: \(busy.prefix(12))")
      #expect(counts.count > 100)
      return total
    }
  }
}
