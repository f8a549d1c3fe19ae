import TestSupport
import CallClient
import CallCore
import CallDriver
import CallServer
import JSON
import Testing
import WebSockets
import Wires
import Formats

extension ServerTests {
  @Suite("REST")
  struct RestTests {
    /// A server with three short typed calls in its history.
    private static let testServer = Result { () throws -> (server: TestServer, ids: [String]) in
      let server = try TestServer()
      let ids = try ["one", "two", "three"].map { word in
        let line = try HandDrivenCall(server, flow: word == "two" ? "echo" : "chat")
        #expect(line.log.wait { $0.finished.count == 1 })
        line.send(.text(word))
        #expect(line.log.wait { $0.finished.count == 2 })
        line.send(.hangup)
        #expect(line.log.wait { $0.closed != nil })
        let id = try #require(line.log.current.ending?.record?.record.id)
        #expect(server.record(id) != nil)
        return id
      }
      return (server, ids)
    }

    let server: TestServer
    let ids: [String]

    init() throws { (server, ids) = try Self.testServer.get() }

    @Test("health and readiness")
    func health() throws {
      #expect(try server.json("/healthz")["status"] == .string("ok"))
      #expect(try server.json("/healthz")["version"] != nil)
      let ready = try server.json("/readyz")
      #expect(ready["status"] == .string("ready"))
      guard case .array(let parts)? = ready["parts"] else { throw Missing() }
      #expect(parts.count == 5)
      #expect(parts.allSatisfy { $0["name"] != nil && $0["state"] == .string("ready") })
    }

    struct Missing: Error {}

    @Test("flows: the list and one of them")
    func flows() throws {
      guard case .array(let flows)? = try server.json("/api/flows")["flows"] else { throw Missing() }
      let names = ["appointment", "chat", "echo", "order-status", "ping", "reminder", "story", "support-triage"]
      #expect(flows.compactMap { $0.text(at: "name") } == names)
      let flow = try server.json("/api/flows/order-status")
      #expect(flow.text(at: "title") == "Where is my order?")
      #expect(flow.text(at: "start") == "welcome")
      #expect(flow.text(at: "states.0.kind") == "say")
      #expect(flow.text(at: "transitions.0.from") == "welcome")
    }

    @Test("voices: the default is one of them")
    func voices() throws {
      let list = try server.json("/api/voices")
      guard case .array(let voices)? = list["voices"] else { throw Missing() }
      #expect(voices.count > 80)
      #expect(voices.contains { $0["id"] == list["default"] })
      for field in ["id", "name", "language", "gender", "description", "engine", "sampleRate"] {
        #expect(voices.allSatisfy { $0[field] != nil }, "\(field)")
      }
    }

    @Test("calls: newest first, page by page, and filtered")
    func calls() throws {
      let all = try server.json("/api/calls")
      guard case .array(let calls)? = all["calls"] else { throw Missing() }
      #expect(calls.compactMap { $0.text(at: "id") } == ids.reversed())
      #expect(calls.allSatisfy { $0["hasRecording"] == .bool(true) && $0.text(at: "reason") == "caller-hung-up" })
      let first = try server.json("/api/calls?limit=2")
      #expect(first.text(at: "calls.0.id") == ids[2])
      #expect(first.text(at: "calls.1.id") == ids[1])
      let cursor = try #require(first.text(at: "nextCursor"))
      let second = try server.json("/api/calls?limit=2&cursor=\(cursor)")
      #expect(second.text(at: "calls.0.id") == ids[0])
      #expect(second["nextCursor"] == nil)
      #expect(try server.json("/api/calls?flow=echo").text(at: "calls.0.id") == ids[1])
      #expect(try server.json("/api/calls?flow=echo").text(at: "calls.1.id") == nil)
      #expect(try server.json("/api/calls?reason=no-input").text(at: "calls.0.id") == nil)
      #expect(try server.json("/api/calls?outcome=booked").text(at: "calls.0.id") == nil)
    }

    @Test("one call as Wire.md says")
    func call() throws {
      let call = try server.json("/api/calls/\(ids[0])")
      for field in [
        "id", "flow", "voice", "codec", "startedAt", "durationMs", "reason", "slots", "metadata", "turns", "transcript",
        "timeline", "toolCalls", "turnLatencies", "audio", "hasRecording", "recordingBytes",
      ] { #expect(call[field] != nil, "\(field)") }
      #expect(call.text(at: "transcript.1.text") == "one")
      #expect(call.text(at: "transcript.1.source") == "text")
      #expect(call.text(at: "slots.words") == "one")
    }

    @Test("the recording: stereo at 16 kHz, and parts of it")
    func recording() throws {
      let path = "/api/calls/\(ids[0])/recording"
      let whole = try server.ask(path)
      #expect(whole.status == 200)
      #expect(whole.headers["content-type"] == "audio/wav")
      let file = try Recording(whole.body)
      #expect(file.channels == 2 && file.sampleRate == 16_000 && file.bitsPerSample == 16)
      #expect(Recording.soundEnd(file.agent, within: 0..<60_000) != nil)
      #expect(Recording.soundEnd(file.caller, within: 0..<60_000) == nil, "the caller typed")
      let part = try server.ask(path, headers: [("range", "bytes=100-299")])
      #expect(part.status == 206)
      #expect(part.body == Array(whole.body[100..<300]))
      #expect(part.headers["content-range"] == "bytes 100-299/\(whole.body.count)")
      #expect(try server.ask(path, headers: [("range", "bytes=99999999-")]).status == 416)
      let head = try RawSocket(port: server.server.port).request("HEAD", path).lowercased()
      #expect(head.hasPrefix("http/1.1 200"))
      #expect(head.contains("content-length: \(whole.body.count)\r\n"))
      #expect(head.hasSuffix("\r\n\r\n"), "a head and no body")
    }

    static let faults: [(method: String, path: String, status: Int)] = [
      ("GET", "/api/calls/nobody", 404), ("GET", "/api/calls/nobody/recording", 404),
      ("GET", "/api/flows/nothing", 404),
      ("GET", "/api/nothing", 404), ("GET", "/api", 404), ("GET", "/api/calls/x/y/z", 404), ("GET", "/nothing", 404),
      ("GET", "/api/calls?limit=0", 400), ("GET", "/api/calls?limit=201", 400), ("GET", "/api/calls?limit=many", 400),
      ("GET", "/api/calls?cursor=made-up", 400), ("GET", "/api/calls?reason=boredom", 400),
      ("POST", "/api/calls", 405), ("DELETE", "/api/calls/x", 405), ("PUT", "/healthz", 405), ("POST", "/metrics", 405),
    ]

    @Test("what is wrong is answered as problem+json", arguments: faults)
    func fault(_ method: String, path: String, status: Int) throws {
      let answer = try RawSocket(port: server.server.port).request(method, path)
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
      #expect(answer.lowercased().contains("content-type: application/problem+json"))
      let body = try #require(answer.firstRange(of: "\r\n\r\n"))
      let problem = try JSONValue(parsing: String(answer[body.upperBound...]))
      #expect(problem["status"] == .integer(Int64(status)))
      #expect(problem["title"] != nil && problem["type"] != nil && problem["detail"] != nil)
      if status == 405 { #expect(answer.lowercased().contains("allow: get, head\r\n")) }
    }

    @Test("/metrics is Prometheus text, and its counters move")
    func metrics() throws {
      let answer = try server.ask("/metrics")
      #expect(answer.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
      var types: [Substring: Substring] = [:]
      for line in String(decoding: answer.body, as: UTF8.self).split(separator: "\n") {
        let words = line.split(separator: " ", maxSplits: 3)
        if line.hasPrefix("# TYPE") { types[words[2]] = words[3] }
        guard !line.hasPrefix("#") else { continue }
        let name = line.prefix { $0 != "{" && $0 != " " }
        let family = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) && types[name] == nil }
        #expect(types[name.dropLast(family?.count ?? 0)] != nil, "\(line) has no type")
        #expect(line.split(separator: " ").last.flatMap { Double($0) } != nil, "\(line) has no value")
      }
      let started = try #require(try server.figure("voiceforge_calls_started_total"))
      let turns = try #require(try server.figure("voiceforge_turns_total"))
      let line = try HandDrivenCall(server, flow: "chat")
      #expect(line.log.wait { $0.finished.count == 1 })
      #expect(try server.figure("voiceforge_calls_active") == 1)
      line.send(.text("four"))
      line.send(bytes: [9])
      #expect(line.log.wait { $0.finished.count == 2 })
      line.close()
      #expect(eventually { server.server.callCount == 0 })
      #expect(try server.figure("voiceforge_calls_started_total") == started + 1)
      #expect(try eventually { try server.figure("voiceforge_turns_total") == turns + 1 })
      #expect(try server.figure("voiceforge_peer_faults_total") == 1)
      #expect(try server.figure("voiceforge_packets_sent_total") ?? 0 > 0)
    }
  }
}
