import Foundation
import Testing

/// Processes that the program starts: what they are given, and when they end.
@Suite("A child of the program")
struct ChildProcessTests {
  private static let secrets = [
    "VOICE_API_KEY": "a-key-of-32-characters-0123456789", "VOICEFORGE_SPEECH_KEY": "sk-secret",
    "OPENAI_API_KEY": "sk-other",
  ]

  /// Children of a process that run still, with their arguments and variables as the system keeps them.
  private func children(of parent: Int32) throws -> [(id: String, arguments: String, variables: String)] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int32($0) != nil }.compactMap { id in
      guard let status = text("/proc/\(id)/stat"),
        status.split(separator: ")").last?.split(separator: " ").dropFirst().first == "\(parent)"[...]
      else { return nil }
      return (id, text("/proc/\(id)/cmdline") ?? "", text("/proc/\(id)/environ") ?? "")
    }
  }

  private func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Zombies are gone as far as we care: whoever inherits them may take its time.
  private func isRunning(_ id: String) -> Bool {
    text("/proc/\(id)/stat").map { !$0.contains(") Z ") && !$0.contains(") X ") } ?? false
  }

  @Test("that speaks has no variables, nothing open but its socket, and ends with the program, however that ends")
  func speaks() async throws {
    let server = try await RunningServer(environment: Self.secrets)
    let speakers = try await server.command.wait(.seconds(30), for: "its children") {
      () throws -> [(id: String, arguments: String, variables: String)]? in
      let found = try children(of: server.command.id).filter { $0.arguments == "voiceforge\0child\0espeak-ng\0" }
      return found.count == 2 ? found : nil
    }
    #expect(speakers.allSatisfy { $0.variables.isEmpty })
    for child in speakers {
      // It moves its socket from standard input and output to 3 itself.
      try await server.command.wait(.seconds(30), for: "a child with its socket and nothing else") {
        () throws -> Bool? in
        let folder = "/proc/\(child.id)/fd"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let targets = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
        guard names == ["0", "1", "2", "3"], targets.count == 4 else { return nil }
        return targets.prefix(3).allSatisfy { $0 == "/dev/null" } && targets[3].hasPrefix("socket:") ? true : nil
      }
    }
    server.command.signal(SIGKILL)
    _ = try await server.command.end(within: .seconds(10))
    for child in speakers {
      try await server.command.wait(.seconds(10), for: "the end of a child") { isRunning(child.id) ? nil : true }
    }
  }

  @Test("that serves a load gets no key and no database of this process")
  func serves() async throws {
    let load = try Command(LoadCommandTests.short + ["--hold", "5s"], environment: Self.secrets)
    let server = try await load.wait(.seconds(30), for: "its server") {
      try children(of: load.id).first { $0.arguments.contains("\0serve\0") && !$0.variables.isEmpty }
    }
    #expect(server.variables.contains("HOME="))
    for secret in Self.secrets.values { #expect(!server.variables.contains(secret)) }
    load.signal(SIGTERM)
    _ = try await load.end(within: .seconds(30))
  }
}
