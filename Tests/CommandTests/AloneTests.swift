import FoundationEssentials
import JSON
import Glibc
import Testing

/// Tests start the program in empty folders; here it is a copy, far from the repository that it was built from.
@Suite("The program alone")
struct AloneTests {
  @Test("the page, the sample flows and the sample cases are inside the program")
  func alone() async throws {
    let folder = try Scratch()
    try FileManager.default.copyItem(atPath: VoiceForgeBinary.url.path(), toPath: folder.file("voiceforge"))
    let server = try Command(
      ["serve", "--port", "0"], program: URL(filePath: folder.file("voiceforge")), folder: folder)
    let url = try await server.wait(.seconds(20), for: "the server's address") {
      server.output.firstMatch(of: /serves on (http:\/\/\S+)/).map { String($0.1) }
    }
    let port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
    #expect(try PlainRequest.get("/", port: port).body.contains("<title>"))
    let web = URL(filePath: #filePath).appending(path: "../../../web").standardizedFileURL.path()
    for page in try FileManager.default.contentsOfDirectory(atPath: web) where page.hasSuffix(".html") {
      let answer = try PlainRequest.get("/\(page)", port: port)
      #expect(answer.status == 200)
      let text = String(decoding: try Scratch.bytes(of: "\(web)/\(page)"), as: UTF8.self)
      #expect(answer.body.hasSuffix("\r\n\r\n" + text), "\(page)")
    }
    let answer = try PlainRequest.get("/api/flows", port: port).body
    let start = try #require(answer.firstRange(of: "\r\n\r\n")).upperBound
    let flows = try JSONValue(parsing: String(answer[start...])).list("flows")
    #expect(flows.compactMap { $0.text(at: "name") } == ["appointment", "order-status", "reminder", "support-triage"])
    server.signal(SIGTERM)
    #expect(try await server.end(within: .seconds(20)).status == 0)

    let ended = try await Command(
      ["simulate", "cancel", "Samples/testcases/manners.yaml", "--text", "--json"],
      program: URL(filePath: folder.file("voiceforge")),
      folder: folder
    ).end(within: .seconds(60))
    #expect(ended.status == 0, "\(ended)")
    let cases = try JSONValue(parsing: ended.output).list("cases")
    #expect(cases.count > 3 && cases.allSatisfy { $0.text(at: "verdict") == "passed" })
  }
}
