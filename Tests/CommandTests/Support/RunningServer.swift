import Foundation

/// `voiceforge serve` on a port of its own. It takes every call for which it has a line, however busy the machine is.
struct RunningServer {
  let command: Command
  /// Such as `http://127.0.0.1:40123`.
  let url: String

  private static let takesEveryCall = [
    "VOICEFORGE_ENGINE_WAIT_MAX": "60000", "VOICEFORGE_ENGINE_QUEUE_MAX": "1000", "VOICEFORGE_ENGINE_SHARE_MAX": "100",
    "VOICEFORGE_LOOP_SHARE_MAX": "100", "VOICEFORGE_TICK_LATENESS_MAX": "1000",
  ]

  init(_ arguments: [String] = [], environment: [String: String] = [:]) async throws {
    let command = try Command(
      ["serve", "--port", "0"] + arguments,
      environment: Self.takesEveryCall.merging(environment) { $1 })
    self.command = command
    url = try await command.wait(.seconds(10), for: "the server's address") {
      command.output.firstMatch(of: /serves on (http:\/\/\S+)/).map { String($0.1) }
    }
  }

  /// Where calls are placed.
  var callURL: String { url.replacing("http://", with: "ws://") + "/v1/call" }
  var port: UInt16 { url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 }

  /// Asks it to stop.
  func stop() async throws -> Command.Ended {
    command.signal(SIGTERM)
    return try await command.end(within: .seconds(10))
  }

  /// Status and body of one answer.
  func get(_ path: String) throws -> (status: Int, body: String) { try PlainRequest.get(path, port: port) }
  func post(_ path: String, _ body: String) throws -> (status: Int, body: String) {
    try PlainRequest.post(path, body, port: port)
  }
}
