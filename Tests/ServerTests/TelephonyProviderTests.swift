import CallCore
import CallDriver
import CallServer
import Formats
import JSON
import TestSupport
import Testing
import WebSockets

extension ServerTests {
  @Suite("Accounts at telephone providers over REST")
  struct TelephonyProviderTests {
    static let token = "planted-auth-token-4711"
    static let body = """
      {"provider":"twilio","name":"Main","credentials":{"accountSid":"AC0123","authToken":"\(token)"},\
      "configuration":{"region":"ie1","limits":[1,2]},"active":false}
      """

    @Test("an account is added, read, changed and removed, and its credentials are nowhere but in the seal")
    func life() throws {
      let phone = try TelephonyServer()
      var said = ""
      let made = try phone.ask("POST", "providers", Self.body)
      said += "\(made.headers) " + String(decoding: made.body, as: UTF8.self)
      #expect(made.status == 201)
      let document = try JSONValue(parsing: made.body)
      let id = try #require(document.text(at: "id"))
      #expect(made.headers["location"] == "/api/telephony/providers/\(id)")
      #expect(document.text(at: "apiKeyId") == phone.alice.id && document.text(at: "provider") == "twilio")
      #expect(document["hasCredentials"] == .bool(true) && document["credentials"] == nil)
      #expect(document.text(at: "configuration.region") == "ie1" && document["active"] == .bool(false))
      #expect(document.text(at: "createdAt") == document.text(at: "updatedAt"))
      #expect(try phone.json("GET", "providers").elements == [document])
      #expect(try phone.json("GET", "providers/\(id)") == document)
      let sealed = try #require(try phone.stores.providers.one(id: id)?.credentials)
      let changed = try phone.json("PATCH", "providers/\(id)", #"{"name":"Spare","active":true}"#)
      #expect(changed.text(at: "name") == "Spare" && changed["active"] == .bool(true))
      #expect(changed.text(at: "configuration.region") == "ie1")
      #expect(try phone.stores.providers.one(id: id)?.credentials == sealed)
      let again = #"{"credentials":{"accountSid":"AC0123","apiKeySid":"SK77","apiKeySecret":"\#(Self.token)2"}}"#
      said += String(decoding: try phone.ask("PATCH", "providers/\(id)", again).body, as: UTF8.self)
      let stored = try #require(try phone.stores.providers.one(id: id))
      let secret = try #require(stored.credentials)
      #expect(secret != sealed && secret.keyID == phone.stores.secrets.current?.id)
      let plain = try phone.stores.secrets.open(secret, for: stored.sealedPlace)
      #expect(ProviderCredentials.credentials(from: plain)?["apiKeySecret"] == Self.token + "2")
      said += String(decoding: TelephonyProviderArchive.json(of: stored), as: UTF8.self) + "\(stored)"
      #expect(try phone.json("DELETE", "providers/\(id)")["success"] == .bool(true))
      #expect(try phone.ask("GET", "providers/\(id)").status == 404)
      #expect(try phone.ask("DELETE", "providers/\(id)").status == 404)
      for path in ["/metrics", "/api/export", "/openapi.json"] {
        let answer = try phone.server.ask(path, headers: [("x-api-key", phone.alice.text)])
        said += String(decoding: answer.body, as: UTF8.self)
      }
      said += phone.logLines.current.joined()
      #expect(!said.contains(Self.token) && !phone.logLines.current.isEmpty)
    }

    @Test("what belongs to another key is not there, and a key that only reads changes nothing")
    func isolation() throws {
      let phone = try TelephonyServer()
      let id = try #require(try phone.json("POST", "providers", Self.body).text(at: "id"))
      #expect(try phone.json("GET", "providers", as: phone.bob).elements.isEmpty)
      for (method, body) in [("GET", ""), ("PATCH", #"{"name":"mine"}"#), ("DELETE", "")] {
        #expect(try phone.ask(method, "providers/\(id)", body, as: phone.bob).status == 404)
      }
      #expect(try phone.ask("POST", "providers", Self.body, as: phone.reader).status == 403)
      #expect(try phone.ask("DELETE", "providers/\(id)", as: phone.reader).status == 403)
      #expect(try phone.json("GET", "providers/\(id)").text(at: "name") == "Main")
    }

    @Test(
      "without VOICEFORGE_SECRETS_KEY credentials are refused, and what to do is said; without credentials all works")
    func noKey() throws {
      let phone = try TelephonyServer(secretsKey: nil)
      let refused = try phone.ask("POST", "providers", Self.body)
      let text = String(decoding: refused.body, as: UTF8.self)
      #expect(refused.status == 409 && text.contains("VOICEFORGE_SECRETS_KEY") && text.contains("openssl rand"))
      #expect(!text.contains(Self.token))
      let bare = try phone.json("POST", "providers", #"{"provider":"custom","name":"a"}"#)
      #expect(bare["hasCredentials"] == .bool(false) && bare["active"] == .bool(true))
      let id = try #require(bare.text(at: "id"))
      #expect(try phone.ask("PATCH", "providers/\(id)", #"{"credentials":{"a":"b"}}"#).status == 409)
      #expect(try phone.json("GET", "providers").elements.count == 1)
    }

    @Test(
      "a body that makes no sense is told why, and never what secret stood in it",
      arguments: [
        (" ", 400), ("{", 400), ("[]", 422), ("{}", 422), (#"{"provider":"twilio"}"#, 422), (#"{"name":"a"}"#, 422),
        (#"{"provider":"bell","name":"a"}"#, 422), (#"{"provider":"custom","name":""}"#, 422),
        (#"{"provider":"custom","name":5}"#, 422),
        (#"{"provider":"custom","name":"\#(String(repeating: "a", count: 101))"}"#, 422),
        (#"{"provider":"custom","name":"a\u0000"}"#, 422), (#"{"provider":"custom","name":"a","active":"yes"}"#, 422),
        (#"{"provider":"custom","name":"a","configuration":[]}"#, 422),
        (#"{"provider":"custom","name":"a","configuration":{"a":"\#(String(repeating: "b", count: 4096))"}}"#, 422),
        (#"{"provider":"custom","name":"a","credentials":"planted"}"#, 422),
        (#"{"provider":"custom","name":"a","credentials":{}}"#, 422),
        (#"{"provider":"custom","name":"a","credentials":{"planted":5}}"#, 422),
        (#"{"provider":"custom","name":"a","credentials":{"planted":""}}"#, 422),
        (#"{"provider":"custom","name":"a","credentials":{"a":"planted\u0000"}}"#, 422),
        (
          #"{"provider":"custom","name":"a","credentials":{"a":"planted\#(String(repeating: "b", count: 4096))"}}"#, 422
        ),
        (#"{"provider":"twilio","name":"a","credentials":{"accountSid":"planted","authToken":"planted"}}"#, 422),
        (#"{"provider":"twilio","name":"a","credentials":{"accountSid":"AC12/planted","authToken":"planted"}}"#, 422),
        (#"{"provider":"twilio","name":"a","credentials":{"accountSid":"AC12"}}"#, 422),
        (#"{"provider":"twilio","name":"a","credentials":{"accountSid":"AC12","apiKeySid":"SK12"}}"#, 422),
        (
          #"{"provider":"twilio","name":"a","credentials":{"accountSid":"AC12","apiKeySid":"planted","apiKeySecret":"planted"}}"#,
          422
        ),
        (#"{"provider":"custom","name":"a","credentials":{"a":"planted}"#, 400),
        (String(repeating: "planted", count: 4000), 413),
      ])
    func senseless(body: String, status: Int) throws {
      let phone = try Self.shared.get()
      let answer = try phone.ask("POST", "providers", body)
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(answer.status == status, "\(text)")
      #expect(!text.contains("planted"), "\(text)")
      #expect(try JSONValue(parsing: answer.body).text(at: "detail") != nil)
    }

    private static let shared = Result { try TelephonyServer() }

    @Test("who the provider is never changes, and a key has a share of the room")
    func bounds() throws {
      let phone = try TelephonyServer(limits: TelephonyLimits(entriesMax: 3, perOwnerMax: 2))
      let bare = #"{"provider":"custom","name":"a"}"#
      let id = try #require(try phone.json("POST", "providers", bare).text(at: "id"))
      #expect(try phone.ask("PATCH", "providers/\(id)", #"{"provider":"twilio"}"#).status == 422)
      #expect(try phone.ask("POST", "providers", bare).status == 201)
      #expect(try phone.ask("POST", "providers", bare).status == 507)
      #expect(try phone.ask("POST", "providers", bare, as: phone.bob).status == 201)
      #expect(try phone.ask("POST", "providers", bare, as: phone.bob).status == 507)
      #expect(try phone.ask("DELETE", "providers/\(id)").status == 200)
      #expect(try phone.ask("POST", "providers", bare, as: phone.bob).status == 201)
    }

    @Test("a server without these stores says so")
    func nothing() throws {
      let server = try TestServer.shared.get()
      #expect(try server.ask("/api/telephony/providers").status == 404)
    }
  }
}
