import Foundation
import JSON
import TestCluster
import Testing

@Suite(
  "secrets: credentials of telephone providers in a database",
  .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
struct SecretsCommandTests {
  private static let token = "planted-auth-token-4711"
  private static let (old, new) = (String(repeating: "a1", count: 32), String(repeating: "b2", count: 32))
  private static let body =
    #"{"provider":"twilio","name":"Main","credentials":{"accountSid":"AC01","authToken":"\#(token)"}}"#

  @Test("credentials are sealed in the database, and the key is changed while everything goes on")
  func rotation() async throws {
    let cluster = try TestCluster.shared.get()
    let url = try cluster.freshURL()
    var environment = ["USE_DATABASE": "true", "DATABASE_URL": url, "VOICEFORGE_SECRETS_KEY": Self.old]
    let first = try await RunningServer(environment: environment)
    #expect(try first.post("/api/telephony/providers", Self.body).status == 201)
    #expect(try await first.stop().status == 0)
    let rows = try #require(
      try cluster.run("SELECT resource::text FROM voiceforge_providers", at: url).first?.first ?? nil)
    #expect(rows.contains("\"keyId\"") && !rows.contains(Self.token) && !rows.contains("AC01"))

    let early = try await Command.run("secrets", "rotate", environment: environment)
    #expect(early.status == 2 && early.errors.contains("VOICEFORGE_SECRETS_KEY_OLD is not set"))
    environment["VOICEFORGE_SECRETS_KEY"] = Self.new
    environment["VOICEFORGE_SECRETS_KEY_OLD"] = Self.new
    let same = try await Command.run("secrets", "rotate", environment: environment)
    #expect(same.status == 2 && same.errors.contains("are the same key"))
    environment["VOICEFORGE_SECRETS_KEY_OLD"] = String(repeating: "c3", count: 32)
    let other = try await Command.run("secrets", "rotate", environment: environment)
    #expect(other.status == 1 && other.output.contains("0 sealed anew") && other.errors.contains("another key"))
    environment["VOICEFORGE_SECRETS_KEY_OLD"] = Self.old
    let before = try await Command.run("secrets", "status", environment: environment)
    #expect(before.status == 0 && before.output.contains("1 sealed  VOICEFORGE_SECRETS_KEY_OLD"), "\(before)")
    let rotated = try await Command.run("secrets", "rotate", environment: environment)
    #expect(rotated.status == 0 && rotated.output.contains("1 sealed anew"), "\(rotated)")
    let again = try await Command.run("secrets", "rotate", environment: environment)
    #expect(again.status == 0 && again.output.contains("0 sealed anew") && again.output.contains("1 were already"))
    environment["VOICEFORGE_SECRETS_KEY_OLD"] = nil
    let after = try await Command.run("secrets", "status", environment: environment)
    #expect(after.output.contains("1 sealed  VOICEFORGE_SECRETS_KEY\n"))
    for ended in [early, same, other, before, rotated, again, after] {
      for secret in [Self.token, Self.old, Self.new] {
        #expect(!ended.output.contains(secret) && !ended.errors.contains(secret))
      }
    }
  }

  @Test("without a database there is nothing to seal anew, and that is said")
  func nowhere() async throws {
    let ended = try await Command.run(
      "secrets", "rotate", environment: ["VOICEFORGE_SECRETS_KEY": Self.new, "VOICEFORGE_SECRETS_KEY_OLD": Self.old])
    #expect(ended.status == 2 && ended.errors.contains("name one with --database or DATABASE_URL"))
  }
}
