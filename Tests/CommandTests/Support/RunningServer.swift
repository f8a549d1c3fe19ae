import Foundation

/// `voiceforge serve` on a port of its own.
struct RunningServer {
  let command: Command
  /// Such as `http://127.0.0.1:40123`.
  let url: String

  init(_ arguments: [String] = [], environment: [String: String] = [:]) async throws {
    let command = try Command(["serve", "--port", "0"] + arguments, environment: environment)
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
