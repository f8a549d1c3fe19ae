import Foundation
import Testing

@Suite(".env")
struct EnvironmentFileTests {
  private static let key = "planted-0123456789abcdef"
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static func wide(_ text: String, isLittle: Bool) -> [UInt8] {
    let bytes = "\u{FEFF}\(text)".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    return isLittle ? stride(from: 0, to: bytes.count, by: 2).flatMap { [bytes[$0 + 1], bytes[$0]] } : bytes
  }

  private static let keyed: [[UInt8]] =
    [mark + Array("VOICE_API_KEY=\(key)\n".utf8)]
    + [true, false].map { wide("VOICE_API_KEY=\(key)\r\n", isLittle: $0) }
    + [
      "VOICE_API_KEY=\(key)\r\nOTHER=1\r\n", "OTHER=1\rVOICE_API_KEY=\(key)", "export\tVOICE_API_KEY = \(key)  ",
      "VOICE_API_KEY=\"\(key)\" # the key", "VOICE_API_KEY='\(key)'\t#'s \"own\"", "VOICE_API_KEY=\(key) # the key",
      "#\n\n  VOICE_API_KEY=\(key)",
    ].map { Array($0.utf8) }

  @Test("a server with a key in it asks for that key, however the file was saved and written", arguments: keyed)
  func asksForKey(file: [UInt8]) async throws {
    let scratch = try Scratch()
    _ = try scratch.write(file, to: ".env")
    let command = try Command(["serve", "--port", "0", "--in-memory"], folder: scratch)
    let port = try await command.wait(.seconds(10), for: "the server's address") {
      command.output.firstMatch(of: /serves on http:\/\/127\.0\.0\.1:(\d+)/).flatMap { UInt16($0.1) }
    }
    #expect(try PlainRequest.send("GET", "/api/calls", [:], [], port: port).status == 401)
    let headers = ["authorization": "Bearer \(Self.key)"]
    #expect(try PlainRequest.send("GET", "/api/calls", headers, [], port: port).status == 200)
    #expect(!command.errors.contains(".env"))
  }

  @Test("values are what the quotes hold, or what stands before a comment")
  func values() async throws {
    for (written, port) in [
      ("\"a\"b\"", "a\"b"), ("'a # b'", "a # b"), ("a#b", "a#b"), ("a\\\"b", "a\\\"b"), ("\"a\\\" b\"", "a\\\" b"),
      ("a'b #c", "a'b"),
    ] {
      let ended = try await run("VOICEFORGE_PORT=\(written)\n")
      #expect(ended.errors.contains("got \"\(port)\""), "\(written): \(ended.errors)")
    }
  }

  @Test(
    "a line for the server that says nothing is named, never shown, and ends with 2",
    arguments: [
      "VOICE_API_KEY: secret-value-0123456789", "VOICE_API_KEY secret-value-0123456789", "voice_api_key",
      "set VOICE_API_KEY=secret-value-0123456789", "$env:VOICE_API_KEY=\"secret-value-0123456789\"",
      "\u{FEFF}VOICE_API_KEY=secret-value-0123456789", "VOICE_API_KEY=\"secret-value-0123456789",
      "VOICE_API_KEY='secret-value' 0123456789",
    ])
  func meaningless(line: String) async throws {
    let ended = try await run("# Settings.\nOTHER=1\n\(line)\n")
    #expect(ended.status == 2)
    #expect(ended.errors.contains("voiceforge: .env, line 3: "), "\(ended.errors)")
    #expect(!ended.errors.contains("secret"), "\(ended.errors)")
  }

  @Test("another program's line that says nothing is named and passed over")
  func others() async throws {
    let ended = try await run("OTHER\nVOICEFORGE_PORT=eighty\n")
    #expect(ended.errors.contains(".env, line 1: it is not NAME=value"), "\(ended.errors)")
    #expect(ended.errors.contains("expected 0 to 65535, got \"eighty\""), "\(ended.errors)")
  }

  @Test("a file that is no text is told, and a folder of that name is nobody's settings")
  func noText() async throws {
    for bytes in [[0xFF, 0x41, 0x0A], [0xFF, 0xFE, 0x41], Array(Self.wide("A=1\n", isLittle: true).dropFirst(2))]
      as [[UInt8]]
    {
      let scratch = try Scratch()
      _ = try scratch.write(bytes, to: ".env")
      let ended = try await Command(["openapi"], folder: scratch).end(within: .seconds(10))
      #expect(ended.status == 0, "a command without settings reads none")
      let served = try await Command(["serve", "--port", "0"], folder: scratch).end(within: .seconds(10))
      #expect(served.status == 2 && served.errors.contains(".env is not UTF-8 text"), "\(served.errors)")
    }
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.file(".env"), withIntermediateDirectories: true)
    let ended = try await Command(["simulate", "--text", "--json", "book-tomorrow"], folder: scratch).end(
      within: .seconds(20))
    #expect(!ended.errors.contains(".env"), "\(ended.errors)")
  }

  private func run(_ file: String) async throws -> Command.Ended {
    let scratch = try Scratch()
    _ = try scratch.write(file, to: ".env")
    return try await Command(["serve"], folder: scratch).end(within: .seconds(10))
  }
}
