import JSON
import Foundation

/// A server that may be loaded over REST, and the generator that it starts for that.
struct LoadedServer {
  let server: RunningServer

  init() async throws { try await self.init(RunningServer(environment: ["VOICEFORGE_ALLOW_LOAD": "true"])) }

  /// - Parameter server: allows load tests.
  init(_ running: RunningServer) async throws {
    server = running
    _ = try await server.command.wait(.seconds(30), for: "the engines") {
      try server.get("/readyz").status == 200 ? true : nil
    }
  }

  /// Starts a load of one short case.
  /// - Returns: its id.
  func begin(calls: Int = 3, hold: String) throws -> String {
    try begin(
      #"{"calls": \#(calls), "ramp": "10/s", "hold": "\#(hold)", "cases": [{"id": "opening-hours"}], "thresholds": ["failed==0"]}"#
    )
  }

  /// Starts what `request` asks for.
  /// - Returns: its id.
  func begin(_ request: String) throws -> String {
    let answer = try server.post("/api/load", request)
    let document = try json(answer.body)
    guard answer.status == 202, let id = document.text(at: "id") else { throw Refused(answer: answer.body) }
    return id
  }

  struct Refused: Error {
    let answer: String
  }

  /// The run `id`, once it is in one of `states`.
  @discardableResult
  func run(_ id: String, in states: Set<String>, within limit: Duration = .seconds(60)) async throws -> JSONValue {
    try await wait(for: id, limit) { $0.text(at: "state").map(states.contains) == true }
  }

  /// The run `id`, once it is as `isWanted` says.
  @discardableResult
  func wait(
    for id: String, _ limit: Duration = .seconds(60), until isWanted: (JSONValue) -> Bool
  ) async throws -> JSONValue {
    try await server.command.wait(limit, for: "what is wanted of a load test") {
      let run = try json(try server.get("/api/load/\(id)").body)
      return isWanted(run) ? run : nil
    }
  }

  func json(_ answer: String) throws -> JSONValue {
    guard let start = answer.firstRange(of: "\r\n\r\n") else { return .null }
    return try JSONValue(parsing: Array(answer[start.upperBound...].utf8))
  }

  /// The process of the generator: the program that calls this server.
  var generator: pid_t? { Self.processes { $0.contains("--target=\(server.callURL)") && $0.contains("load") }.first }

  /// The sockets that a process has open, by the system's numbers.
  static func sockets(of id: pid_t) -> Set<String> {
    let folder = "/proc/\(id)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return Set(
      names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
        .filter { $0.hasPrefix("socket:") })
  }

  private static func processes(_ isWanted: ([String]) -> Bool) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap(pid_t.init).filter { id in
      guard let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
      return isWanted(line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }
  }
}
