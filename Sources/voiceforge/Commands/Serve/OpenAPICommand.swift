import ArgumentParser
import CallServer
import FoundationEssentials
import Glibc

struct OpenAPICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "openapi",
    abstract: "Print the OpenAPI 3.1 document of the server, as GET /openapi.json serves it.",
    discussion: """
      EXAMPLES
        voiceforge openapi > voiceforge.json
        voiceforge openapi | jq '.paths | keys'

      EXIT CODES
        0 printed
      """)

  @Flag(help: "The document is JSON in any case; taken because the other commands take it.")
  var json = false

  func run() throws {
    Terminal.line(String(decoding: APIDocument.json(version: VoiceForge.version), as: UTF8.self))
  }
}
