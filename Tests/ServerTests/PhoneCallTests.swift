import CallCore
import CallDriver
import CallServer
import JSON
import TestSupport
import Testing
import WebSockets
import Wires

extension ServerTests {
  @Suite("Telephone calls and campaigns over REST")
  struct PhoneCallTests {
    private static let shared = Result { try dialing() }

    /// A server that may dial +1555…, and never gets far: usually nobody answers where its provider should be.
    private static func dialing(
      at url: String = "http://127.0.0.1:1", takesCalls: Bool = true, drainTime: CallDuration = .zero
    ) throws -> TelephonyServer {
      let rules = try DialRules("+1555")
      return try TelephonyServer(waits: takesCalls) {
        $0.takesCalls = takesCalls
        $0.drainTime = drainTime
        $0.dialing.rules = rules
        $0.dialing.baseURL = url
        $0.twilio.publicURL = "https://voice.example"
      }
    }

    private static func provider(
      on phone: TelephonyServer, as key: KeySecret? = nil, kind: String = "twilio"
    ) throws -> String {
      let body = #"{"provider":"\#(kind)","name":"a","credentials":{"accountSid":"AC12","authToken":"planted-token"}}"#
      return try #require(try phone.json("POST", "providers", body, as: key).text(at: "id"))
    }

    private static func campaign(_ provider: String, _ more: String = "") -> String {
      #"{"name":"Spring","providerId":"\#(provider)","from":"+15550100","phoneList":["+15550201","+15550202"]\#(more)}"#
    }

    @Test("a call that the provider cannot be asked for fails with its reason, and is listed")
    func failing() throws {
      let phone = try Self.dialing()
      let provider = try Self.provider(on: phone)
      let body =
        #"{"providerId":"\#(provider)","from":"+15550100","to":"+15550101","flowId":"appointment","metadata":{"a":[1]}}"#
      let made = try phone.ask("POST", "calls", body)
      #expect(made.status == 201)
      let call = try JSONValue(parsing: made.body)
      let id = try #require(call.text(at: "id"))
      #expect(made.headers["location"] == "/api/telephony/calls/\(id)")
      #expect(call.text(at: "status") == "queued" && call.text(at: "metadata.a.0") == "1")
      var last: JSONValue?
      let isOver = eventually {
        do { last = try phone.json("GET", "calls/\(id)") } catch { return false }
        return last?.text(at: "status") == "failed"
      }
      #expect(isOver, "\(String(describing: last))")
      #expect(last?.text(at: "reason")?.contains("cannot be reached") == true, "\(String(describing: last))")
      #expect(try phone.json("GET", "calls?limit=1").elements.map { $0.text(at: "id") } == [id])
      #expect(try phone.json("GET", "calls?before=\(id)").elements.isEmpty)
      #expect(try phone.json("GET", "calls?campaignId=none").elements.isEmpty)
      for limit in ["0", "201", "many"] { #expect(try phone.ask("GET", "calls?limit=\(limit)").status == 400) }
      #expect(try phone.json("GET", "calls", as: phone.bob).elements.isEmpty)
      #expect(try phone.ask("GET", "calls/\(id)", as: phone.bob).status == 404)
      #expect(try phone.ask("DELETE", "calls/\(id)", as: phone.bob).status == 404)
      #expect(try phone.ask("DELETE", "calls/\(id)").status == 200)
      #expect(!phone.logLines.current.joined().contains("planted-token"))
    }

    @Test(
      "a call that makes no sense, or may not be placed, is told why",
      arguments: [
        (" ", 400), ("{}", 422), (#"{"providerId":"nobody","from":"+15550100","to":"+15550101"}"#, 422),
        (#"{"providerId":"P","from":"5550100","to":"+15550101"}"#, 422),
        (#"{"providerId":"P","from":"+15550100"}"#, 422),
        (#"{"providerId":"P","from":"+15550100","to":"112"}"#, 422),
        (#"{"providerId":"P","from":"+15550100","to":5}"#, 422),
        (#"{"providerId":"P","from":"+15550100","to":"+15550101","flowId":"nothing"}"#, 422),
        (#"{"providerId":"P","from":"+15550100","to":"+15550101","metadata":"a"}"#, 422),
        (#"{"providerId":"P","from":"+15550100","to":"+4930123456"}"#, 403),
        (#"{"providerId":"P","from":"+15550100","to":"+19005550100"}"#, 403),
        (#"{"providerId":"Q","from":"+15550100","to":"+15550101"}"#, 409),
      ])
    func refused(body: String, status: Int) throws {
      let phone = try Self.shared.get()
      let provider = try Self.provider(on: phone)
      var text = body.replacing("\"P\"", with: "\"\(provider)\"")
      if body.contains("\"Q\"") {
        text = text.replacing("\"Q\"", with: "\"\(try Self.provider(on: phone, kind: "telnyx"))\"")
      }
      let answer = try phone.ask("POST", "calls", text)
      #expect(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))")
      #expect(try JSONValue(parsing: answer.body).text(at: "detail") != nil)
    }

    @Test("where dialing is not set up nothing is placed, and what is missing is said")
    func notSetUp() throws {
      let phone = try TelephonyServer()
      let provider = try Self.provider(on: phone)
      let call = try phone.ask("POST", "calls", #"{"providerId":"\#(provider)","from":"+15550100","to":"+15550101"}"#)
      #expect(call.status == 501 && String(decoding: call.body, as: UTF8.self).contains("VOICEFORGE_DIAL_ALLOW"))
      #expect(try phone.json("GET", "calls").elements.isEmpty)
      let id = try #require(try phone.json("POST", "campaigns", Self.campaign(provider)).text(at: "id"))
      #expect(try phone.ask("POST", "campaigns/\(id)/start").status == 501)
      #expect(try phone.json("GET", "campaigns/\(id)").text(at: "status") == "draft")
    }

    @Test(
      "a campaign is made, changed, paused and removed; another key does not see it, and one without `dial` does not start it"
    )
    func campaignLife() throws {
      let phone = try Self.dialing()
      let provider = try Self.provider(on: phone)
      let more = #"""
        ,"description":"d","flowId":"appointment","scheduledAt":"2099-03-02T09:00:00Z","callsPerMinute":30,"callsAtOnce":3,
        "callingHours":{"days":["mon","fri"],"start":"09:00","end":"18:30","utcOffset":"-05:00"},"doNotCall":["+15550202"]
        """#
      let made = try phone.ask("POST", "campaigns", Self.campaign(provider, more))
      #expect(made.status == 201, "\(String(decoding: made.body, as: UTF8.self))")
      let document = try JSONValue(parsing: made.body)
      let id = try #require(document.text(at: "id"))
      #expect(document.text(at: "status") == "scheduled" && document.text(at: "totalCalls") == "2")
      #expect(document.text(at: "scheduledAt") == "2099-03-02T09:00:00.000Z")
      #expect(
        document.text(at: "callingHours.end") == "18:30" && document.text(at: "callingHours.utcOffset") == "-05:00")
      #expect(document.text(at: "callingHours.days.1") == "fri" && document.text(at: "numbers.1.state") == "waiting")
      #expect(document.text(at: "phoneList.0") == "+15550201" && document.text(at: "doNotCall.0") == "+15550202")
      let listed = try phone.json("GET", "campaigns").elements
      #expect(listed.count == 1 && listed[0]["phoneList"] == nil && listed[0].text(at: "totalCalls") == "2")
      #expect(try phone.json("GET", "campaigns", as: phone.bob).elements.isEmpty)
      for (method, path) in [
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/start"), ("POST", "/pause"), ("POST", "/resume"),
      ] {
        #expect(
          try phone.ask(method, "campaigns/\(id)\(path)", method == "PATCH" ? "{}" : "", as: phone.bob).status == 404)
      }
      for path in ["start", "resume", "pause"] {
        #expect(try phone.ask("POST", "campaigns/\(id)/\(path)", as: phone.reader).status == 403)
      }
      let changed = try phone.json(
        "PATCH", "campaigns/\(id)", #"{"name":"Summer","callsAtOnce":2,"flowId":"","doNotCall":[]}"#)
      #expect(changed.text(at: "name") == "Summer" && changed["flowId"] == nil && changed["doNotCall"] == .array([]))
      #expect(try phone.ask("POST", "campaigns/\(id)/resume").status == 409)
      #expect(try phone.json("POST", "campaigns/\(id)/pause").text(at: "status") == "paused")
      #expect(try phone.ask("POST", "campaigns/\(id)/pause").status == 409)
      #expect(try phone.ask("POST", "campaigns/\(id)/start").status == 409)
      let resumed = try phone.json("POST", "campaigns/\(id)/resume")
      #expect(resumed.text(at: "status") == "scheduled" && resumed["startedAt"] == nil, "its time is still to come")
      #expect(try phone.json("POST", "campaigns/\(id)/pause").text(at: "status") == "paused")
      #expect(try phone.ask("PATCH", "campaigns/\(id)", #"{"scheduledAt":"2099-03-02T09:00:00.000Z"}"#).status == 409)
      #expect(try phone.ask("DELETE", "providers/\(provider)").status == 409)
      #expect(try phone.ask("DELETE", "campaigns/\(id)").status == 200)
      #expect(try phone.ask("DELETE", "providers/\(provider)").status == 200)
    }

    @Test(
      "a key without `dial` makes a campaign, and neither starts nor schedules it; one that runs nevertheless pauses")
    func managerAlone() throws {
      let phone = try Self.dialing()
      let provider = try Self.provider(on: phone, as: phone.manager)
      let later = #""scheduledAt":"2099-03-02T09:00:00Z""#
      let refused = try phone.ask("POST", "campaigns", Self.campaign(provider, ",\(later)"), as: phone.manager)
      #expect(refused.status == 403 && String(decoding: refused.body, as: UTF8.self).contains("scope dial"))
      let made = try phone.json("POST", "campaigns", Self.campaign(provider), as: phone.manager)
      let id = try #require(made.text(at: "id"))
      #expect(try phone.ask("PATCH", "campaigns/\(id)", "{\(later)}", as: phone.manager).status == 403)
      #expect(try phone.ask("POST", "campaigns/\(id)/start", as: phone.manager).status == 403)
      #expect(try phone.json("PATCH", "campaigns/\(id)", #"{"name":"b"}"#, as: phone.manager).text(at: "name") == "b")
      _ = try phone.stores.campaigns.campaigns.update(id: id) { campaign in
        campaign.status = .running
        return true
      }
      let isPaused = eventually {
        do { return try phone.stores.campaigns.campaigns.one(id: id)?.status == .paused } catch { return false }
      }
      #expect(isPaused)
      let paused = try phone.json("GET", "campaigns/\(id)", as: phone.manager)
      #expect(paused.text(at: "reason")?.hasSuffix("may not dial (scope)") == true, "\(paused)")
      #expect(paused.text(at: "numbers.0.state") == "waiting")
      #expect(try phone.json("GET", "calls", as: phone.manager).elements.isEmpty)
    }

    @Test(
      "a campaign that makes no sense is told why, and where",
      arguments: [
        ("", 400), (#""name":"a""#, 422), (#""phoneList":[]"#, 422), (#""phoneList":"+15550100""#, 422),
        (#""phoneList":[5]"#, 422),
        (#""phoneList":["+15550100","+15550100"]"#, 422), (#""phoneList":["+1 555 0100"]"#, 422),
        (#""phoneList":["911"]"#, 422),
        (#""phoneList":["+19005550100"]"#, 422), (#""phoneList":["+15550100"],"providerId":"nobody""#, 422),
        (#""phoneList":["+15550100"],"flowId":"nothing""#, 422),
        (#""phoneList":["+15550100"],"callsPerMinute":0"#, 422),
        (#""phoneList":["+15550100"],"callsPerMinute":601"#, 422),
        (#""phoneList":["+15550100"],"callsAtOnce":51"#, 422),
        (#""phoneList":["+15550100"],"scheduledAt":"tomorrow""#, 422),
        (#""phoneList":["+15550100"],"doNotCall":["x"]"#, 422),
        (#""phoneList":["+15550100"],"callingHours":[]"#, 422),
        (#""phoneList":["+15550100"],"callingHours":{"days":[]}"#, 422),
        (#""phoneList":["+15550100"],"callingHours":{"days":["monday"]}"#, 422),
        (#""phoneList":["+15550100"],"callingHours":{"start":"9:00"}"#, 422),
        (#""phoneList":["+15550100"],"callingHours":{"start":"18:00","end":"09:00"}"#, 422),
        (#""phoneList":["+15550100"],"callingHours":{"end":"24:01"}"#, 422),
        (#""phoneList":["+15550100"],"callingHours":{"utcOffset":"01:00"}"#, 422),
        (#""phoneList":["+15550100"],"callingHours":{"utcOffset":"+15:00"}"#, 422),
        (#""from":"5550100","phoneList":["+15550100"]"#, 422),
      ])
    func senseless(members: String, status: Int) throws {
      let phone = try Self.shared.get()
      let provider = try Self.provider(on: phone)
      let named = members.contains("providerId") ? "" : #","providerId":"\#(provider)""#
      let from = members.contains("\"from\"") ? "" : #","from":"+15550100""#
      let name = members == #""name":"a""# ? "" : #","name":"a""#
      let answer = try phone.ask("POST", "campaigns", members.isEmpty ? "{" : "{\(members)\(name)\(named)\(from)}")
      #expect(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))")
      #expect(try JSONValue(parsing: answer.body).text(at: "detail") != nil)
    }

    @Test("without `from` the account's first active number calls; without one that is said")
    func from() throws {
      let phone = try Self.dialing()
      let provider = try Self.provider(on: phone)
      let body = #"{"name":"a","providerId":"\#(provider)","phoneList":["+15550201"]}"#
      #expect(try phone.ask("POST", "campaigns", body).status == 422)
      for (number, isActive) in [("+15550300", false), ("+15550301", true)] {
        let row = #"{"providerId":"\#(provider)","phoneNumber":"\#(number)","active":\#(isActive)}"#
        #expect(try phone.ask("POST", "numbers", row).status == 201)
      }
      #expect(try phone.json("POST", "campaigns", body).text(at: "from") == "+15550301")
    }

    @Test("what is kept of a caller is deleted: history, telephone calls, lists")
    func erased() throws {
      let phone = try Self.dialing()
      let provider = try Self.provider(on: phone)
      let id = try #require(try phone.json("POST", "campaigns", Self.campaign(provider)).text(at: "id"))
      for (call, from) in [("one", "+15550201"), ("two", "+15550299")] {
        var record = CallRecord(flow: "appointment", voice: "heart")
        record.id = call
        record.metadata = ["from": from, "to": "+15550100"]
        try phone.server.store.append(StoredCall(record: record, recording: nil))
      }
      func erase(_ number: String, as key: KeySecret) throws -> HTTPClientResponse {
        try phone.server.ask("/api/callers/\(number)", method: "DELETE", headers: [("x-api-key", key.text)])
      }
      #expect(try erase("+15550201", as: phone.reader).status == 403)
      let answer = try JSONValue(parsing: erase("+15550201", as: phone.alice).body)
      #expect(answer.text(at: "calls") == "1" && answer.text(at: "campaignNumbers") == "1", "\(answer)")
      #expect(try phone.server.store.call(id: "one") == nil && phone.server.store.call(id: "two") != nil)
      let campaign = try phone.json("GET", "campaigns/\(id)")
      #expect(campaign.text(at: "numbers.0.state") == "failed" && campaign.text(at: "phoneList.0") == "")
      #expect(try erase("nobody", as: phone.alice).status == 422)
    }

    @Test("whoever is deleted while he is called is hung up, and the campaign that called him comes to its end")
    func erasedWhileCalled() throws {
      let double = try TwilioDouble()
      let phone = try Self.dialing(at: double.url)
      let provider = try Self.provider(on: phone)
      let body = #"{"name":"a","providerId":"\#(provider)","from":"+15550100","phoneList":["+15550201"]}"#
      let id = try #require(try phone.json("POST", "campaigns", body).text(at: "id"))
      #expect(try phone.ask("POST", "campaigns/\(id)/start").status == 200)
      #expect(double.asked.wait { !$0.isEmpty })
      let answer = try JSONValue(
        parsing: phone.server.ask(
          "/api/callers/+15550201", method: "DELETE", headers: [("x-api-key", phone.alice.text)]
        ).body)
      #expect(answer.text(at: "phoneCalls") == "1" && answer.text(at: "hungUp") == "1", "\(answer)")
      #expect(double.asked.wait { $0.contains(where: \.isHangUp) })
      let isOver = eventually {
        do { return try phone.stores.campaigns.campaigns.one(id: id)?.status == .completed } catch { return false }
      }
      #expect(isOver)
      let number = try #require(try phone.stores.campaigns.numbers(of: id).first)
      #expect(number.state == .failed && number.number.isEmpty && number.reason?.contains("DELETE") == true)
    }

    @Test("a server that takes no calls has nobody rung, neither for a call nor for a campaign")
    func noRoom() throws {
      let double = try TwilioDouble()
      let phone = try Self.dialing(at: double.url, takesCalls: false)
      let provider = try Self.provider(on: phone)
      let answer = try phone.ask("POST", "calls", #"{"providerId":"\#(provider)","from":"+15550100","to":"+15550101"}"#)
      #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
      let id = try #require(try phone.json("POST", "campaigns", Self.campaign(provider)).text(at: "id"))
      #expect(try phone.ask("POST", "campaigns/\(id)/start").status == 200)
      #expect(try phone.json("POST", "campaigns/\(id)/pause").text(at: "numbers.0.state") == "waiting")
      #expect(try phone.json("GET", "calls").elements.isEmpty && double.asked.current.isEmpty)
    }

    @Test("the talk of a call is known by the token of its stream, and by nothing that a client says")
    func talk() throws {
      let double = try TwilioDouble { TwilioDouble.call(status: $0.method == "GET" ? "completed" : "in-progress") }
      let phone = try Self.dialing(at: double.url)
      let provider = try Self.provider(on: phone)
      let body = #"{"providerId":"\#(provider)","from":"+15550100","to":"+15550101","flowId":"appointment"}"#
      let id = try #require(try phone.json("POST", "calls", body).text(at: "id"))
      #expect(double.asked.wait { !$0.isEmpty })
      let document = try #require(double.asked.current.first?["Twiml"])
      let url = try #require(document.firstMatch(of: #/url="wss://voice\.example(/twilio/stream/[^"]+)"/#)?.1)
      let line = try HandDrivenCall(phone.server, path: String(url))
      line.send(
        text: #"{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"accountSid":"AC1","streamSid":"MZ1","#
          + #""callSid":"CA1","tracks":["inbound"],"customParameters":{"flow":"appointment","telephonyCall":"forged"},"#
          + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#)
      #expect(line.log.wait { !$0.texts.isEmpty })
      line.close()
      let again = try HandDrivenCall(phone.server, path: String(url))
      #expect(again.log.current.failure != nil, "a token is good once")
      let isKept = eventually {
        do { return try phone.json("GET", "calls/\(id)").text(at: "sessionId") != nil } catch { return false }
      }
      #expect(isKept)
      // Nobody told how it goes on: it was asked for.
      let isOver = eventually {
        do { return try phone.json("GET", "calls/\(id)").text(at: "status") == "completed" } catch { return false }
      }
      #expect(isOver)
      func history() throws -> [CallRecord] {
        try phone.server.store.calls(matching: CallFilter(), limit: 10, after: nil).calls.map(\.record)
      }
      var start = StartRequest(flow: "appointment", codec: .opus)
      start.metadata = ["telephonyCall": id, "a": "b"]
      let other = try HandDrivenCall(phone.server, key: phone.alice.text)
      other.send(start)
      #expect(other.log.wait { $0.ready != nil })
      other.close()
      let isThere = eventually {
        do { return try history().count == 2 } catch { return false }
      }
      #expect(isThere)
      #expect(try Set(history().map { $0.metadata["telephonyCall"] }) == [id, nil])
    }

    @Test("a telephone that rings while its server goes out of service is connected; no call of a client is taken")
    func ringsWhileDrained() throws {
      let double = try TwilioDouble { TwilioDouble.call(status: $0.method == "GET" ? "ringing" : "queued") }
      let phone = try Self.dialing(at: double.url)
      let provider = try Self.provider(on: phone)
      let body = #"{"providerId":"\#(provider)","from":"+15550100","to":"+15550101","flowId":"appointment"}"#
      _ = try phone.json("POST", "calls", body)
      #expect(double.asked.wait { !$0.isEmpty })
      let document = try #require(double.asked.current.first?["Twiml"])
      let url = try #require(document.firstMatch(of: #/url="wss://voice\.example(/twilio/stream/[^"]+)"/#)?.1)
      let drain = try phone.server.ask(
        "/api/drain", method: "PUT", headers: [("x-api-key", phone.alice.text)], body: #"{"draining":true}"#)
      #expect(drain.status == 200)
      let late = try HandDrivenCall(phone.server, key: phone.alice.text)
      #expect(late.log.current.failure != nil)
      let line = try HandDrivenCall(phone.server, path: String(url))
      line.send(
        text: #"{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"accountSid":"AC1","streamSid":"MZ1","#
          + #""callSid":"CA1","tracks":["inbound"],"#
          + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#)
      #expect(line.log.wait { !$0.texts.isEmpty })
      line.close()
    }

    @Test("a stop waits for a telephone that rings, though no call is up")
    func stopWhileRinging() throws {
      let double = try TwilioDouble { TwilioDouble.call(status: $0.method == "GET" ? "ringing" : "queued") }
      let phone = try Self.dialing(at: double.url, drainTime: .seconds(20))
      let provider = try Self.provider(on: phone)
      _ = try phone.json("POST", "calls", #"{"providerId":"\#(provider)","from":"+15550100","to":"+15550101"}"#)
      #expect(double.asked.wait { !$0.isEmpty })
      let asked = Probe(0)
      phone.server.server.stop {
        asked.change { $0 += 1 }
        return true
      }
      #expect(asked.current == 1)
    }

    @Test("a call that another server dialed is hung up at its provider, or it is said that it was not")
    func foreign() throws {
      let status = Probe("500")
      let double = try TwilioDouble { _ in
        status.current == "500"
          ? TwilioDouble.problem(500, code: 20500, "x") : TwilioDouble.call(status: status.current)
      }
      let phone = try Self.dialing(at: double.url)
      let provider = try Self.provider(on: phone)
      let owner = try #require(try phone.json("GET", "providers").elements[0].text(at: "apiKeyId"))
      for (id, sid) in [("named", TwilioDouble.sid), ("unnamed", nil)] {
        var call = PhoneCallRecord(
          id: id, owner: owner, providerID: provider, direction: .outbound, from: "+15550100", to: "+15550101",
          createdAtUnixMicroseconds: 0)
        call.providerCallID = sid
        #expect(try phone.stores.calls.add(call) == .done)
      }
      #expect(try phone.ask("DELETE", "calls/unnamed").status == 409 && double.asked.current.isEmpty)
      let failed = try phone.ask("DELETE", "calls/named")
      #expect(failed.status == 502 && String(decoding: failed.body, as: UTF8.self).contains("may go on"))
      #expect(try phone.json("GET", "calls/named").text(at: "status") == "queued")
      status.change { $0 = "completed" }
      #expect(try phone.ask("DELETE", "calls/named").status == 200 && double.hangUps == 2)
      let isOver = eventually {
        do { return try phone.json("GET", "calls/named").text(at: "status") == "canceled" } catch { return false }
      }
      #expect(isOver)
      #expect(try phone.ask("DELETE", "calls/named").status == 200 && double.hangUps == 2, "what is over stays")
    }

    @Test("calls that were stopped are refused for now, and a server that places none says so before anything else")
    func stoppedOrOff() throws {
      let phone = try Self.dialing()
      let provider = try Self.provider(on: phone)
      func call(_ phone: TelephonyServer, _ provider: String) throws -> HTTPClientResponse {
        try phone.ask("POST", "calls", #"{"providerId":"\#(provider)","from":"+15550100","to":"+15550101"}"#)
      }
      _ = try phone.server.ask("/api/dial/stop", method: "POST", headers: [("x-api-key", phone.alice.text)])
      let refused = try call(phone, provider)
      #expect(refused.status == 503 && refused.headers["retry-after"] == "60")
      let off = try TelephonyServer()
      #expect(try call(off, Self.provider(on: off, kind: "telnyx")).status == 501)
    }
  }
}
