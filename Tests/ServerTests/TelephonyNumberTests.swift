import CallCore
import CallDriver
import CallServer
import JSON
import TestSupport
import Testing
import WebSockets

extension ServerTests {
  @Suite("Telephone numbers over REST")
  struct TelephonyNumberTests {
    private static let shared = Result { try TelephonyServer() }

    private static func provider(on phone: TelephonyServer, as key: KeySecret? = nil) throws -> String {
      let made = try phone.json("POST", "providers", #"{"provider":"custom","name":"a"}"#, as: key)
      return try #require(made.text(at: "id"))
    }

    private static func body(_ provider: String, _ number: String, _ more: String = "") -> String {
      #"{"providerId":"\#(provider)","phoneNumber":"\#(number)"\#(more)}"#
    }

    @Test("a number is added, read, changed and removed; its account cannot go before it")
    func life() throws {
      let phone = try TelephonyServer()
      let provider = try Self.provider(on: phone)
      let more =
        #","friendlyName":"Desk","country":"US","capabilities":{"sms":true},"flowId":"order-status","active":true"#
      let made = try phone.ask("POST", "numbers", Self.body(provider, "+15550100", more))
      #expect(made.status == 201, "\(String(decoding: made.body, as: UTF8.self))")
      let document = try JSONValue(parsing: made.body)
      let id = try #require(document.text(at: "id"))
      #expect(made.headers["location"] == "/api/telephony/numbers/\(id)")
      #expect(document.text(at: "phoneNumber") == "+15550100" && document.text(at: "flowId") == "order-status")
      #expect(document["capabilities"] == .object(["voice": .bool(true), "sms": .bool(true), "mms": .bool(false)]))
      #expect(try phone.json("GET", "numbers").elements == [document])
      #expect(try phone.ask("DELETE", "providers/\(provider)").status == 409)
      let changed = try phone.json("PATCH", "numbers/\(id)", #"{"flowId":"","friendlyName":"","active":false}"#)
      #expect(changed["flowId"] == nil && changed["friendlyName"] == nil && changed["active"] == .bool(false))
      #expect(changed.text(at: "country") == "US")
      #expect(try phone.ask("DELETE", "numbers/\(id)").status == 200)
      #expect(try phone.ask("DELETE", "numbers/\(id)").status == 404)
      #expect(try phone.ask("DELETE", "providers/\(provider)").status == 200)
    }

    @Test("what is kept is not called a failure because the store does not answer a moment later")
    func relearned() throws {
      let phone = try TelephonyServer(numbers: UnwatchedNumberStore())
      let provider = try Self.provider(on: phone)
      let made = try phone.ask("POST", "numbers", Self.body(provider, "+15550100"))
      #expect(made.status == 201)
      let id = try #require(try JSONValue(parsing: made.body).text(at: "id"))
      #expect(try phone.ask("PATCH", "numbers/\(id)", #"{"active":false}"#).status == 200)
      #expect(try phone.ask("DELETE", "numbers/\(id)").status == 200)
      #expect(phone.logLines.current.count { $0.contains("counts a little later") } == 3)
    }

    @Test("a number of another key is not there, and nobody adds it twice")
    func isolation() throws {
      let phone = try TelephonyServer()
      let (mine, theirs) = (try Self.provider(on: phone), try Self.provider(on: phone, as: phone.bob))
      let id = try #require(try phone.json("POST", "numbers", Self.body(mine, "+15550100")).text(at: "id"))
      #expect(try phone.json("GET", "numbers", as: phone.bob).elements.isEmpty)
      for (method, body) in [("GET", ""), ("PATCH", #"{"active":false}"#), ("DELETE", "")] {
        #expect(try phone.ask(method, "numbers/\(id)", body, as: phone.bob).status == 404)
      }
      #expect(try phone.ask("POST", "numbers", Self.body(mine, "+15550100")).status == 409)
      #expect(try phone.ask("POST", "numbers", Self.body(theirs, "+15550100"), as: phone.bob).status == 409)
      #expect(try phone.ask("POST", "numbers", Self.body(mine, "+15550101"), as: phone.bob).status == 422)
      #expect(try phone.ask("PATCH", "numbers/\(id)", #"{"providerId":"\#(theirs)"}"#).status == 422)
      #expect(try phone.ask("POST", "numbers", Self.body(mine, "+15550102"), as: phone.reader).status == 403)
    }

    @Test(
      "a body that makes no sense is told why",
      arguments: [
        (" ", 400), ("{", 400), ("{}", 422), (#"{"phoneNumber":"+15550100"}"#, 422),
        (#"{"providerId":"nobody","phoneNumber":"+15550100"}"#, 422),
        (#"{"providerId":"P"}"#, 422), (#"{"providerId":"P","phoneNumber":15550100}"#, 422),
        (#"{"providerId":"P","phoneNumber":"15550100"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+1 555 0100"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+0555010099"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+1234567890123456"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"911"}"#, 422), (#"{"providerId":"P","phoneNumber":"+1٣٣٣٣٣٣٣٣"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+15550100","country":"usa"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+15550100","country":"us"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+15550100","flowId":"nothing"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+15550100","capabilities":[]}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+15550100","capabilities":{"voice":1}}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+15550100","active":"yes"}"#, 422),
        (#"{"providerId":"P","phoneNumber":"+15550100","friendlyName":"\#(String(repeating: "a", count: 101))"}"#, 422),
        (String(repeating: "a", count: 5000), 413),
      ])
    func senseless(body: String, status: Int) throws {
      let phone = try Self.shared.get()
      let provider = try Self.provider(on: phone)
      defer { Self.remove(provider, on: phone) }
      let answer = try phone.ask("POST", "numbers", body.replacing("\"P\"", with: "\"\(provider)\""))
      #expect(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))")
      #expect(try JSONValue(parsing: answer.body).text(at: "detail") != nil)
    }

    private static func remove(_ provider: String, on phone: TelephonyServer) {
      do { _ = try phone.ask("DELETE", "providers/\(provider)") } catch { Issue.record(error) }
    }

    @Test("the called number's flow answers, unless the address names one; a number that is off is rejected")
    func answering() throws {
      let phone = try TelephonyServer()
      let provider = try Self.provider(on: phone)
      func twiML(_ to: String, _ query: String = "") throws -> String {
        let answer = try phone.server.send(
          "/twilio/voice\(query)", Array("To=\(to.replacing("+", with: "%2B"))&From=%2B15550199".utf8),
          type: "application/x-www-form-urlencoded", key: phone.alice.text)
        #expect(answer.status == 200)
        return String(decoding: answer.body, as: UTF8.self)
      }
      let id = try #require(
        try phone.json("POST", "numbers", Self.body(provider, "+15550100", #","flowId":"order-status""#)).text(at: "id")
      )
      #expect(try twiML("+15550100").contains(#"name="flow" value="order-status""#))
      #expect(try twiML("+15550100", "?flow=appointment").contains(#"name="flow" value="appointment""#))
      #expect(try !twiML("+15550101").contains(#"name="flow""#))
      #expect(try phone.ask("PATCH", "numbers/\(id)", #"{"active":false}"#).status == 200)
      #expect(try twiML("+15550100").contains("<Response><Reject /></Response>"))
      #expect(try phone.ask("DELETE", "numbers/\(id)").status == 200)
      #expect(try twiML("+15550100").contains("<Connect><Stream"))
    }
  }
}
