import ArgumentParser
import CallDriver
import CallWire
import WebSockets
import Threads

/// The server whose keys a command is about.
struct KeyServer: ParsableArguments {
  @Option(
    help: ArgumentHelp("Address of the server (default: the one on this machine).", valueName: "url"))
  var target: String?
  @OptionGroup var access: KeyOption

  /// Longest wait for an answer.
  private static let patience = Duration.seconds(10)

  /// Asks it.
  /// - Returns: the document that it answers, and its text.
  /// - Throws: what the server says is wrong, or exit code 4 when it does not answer.
  func ask(_ method: String, _ path: String, body: String = "") throws -> (document: JSONValue, text: String) {
    let settings = try Settings()
    let address =
      try target.map { try CallTarget($0).server } ?? ServerProbe(host: settings.host, port: settings.port()).address
    let client = HTTPClient()
    defer { client.stop() }
    let answer = Promise<Result<HTTPClientResponse, HTTPClientError>>()
    let key = access.key(settings)
    let request = HTTPClientRequest(
      method: method, url: address + path, headers: key.map { [("authorization", "Bearer \($0)")] } ?? [],
      body: Array(body.utf8), timeout: Self.patience, responseBytesMax: 1 << 20)
    client.send(request) { answer.fulfill($0) }
    switch answer.wait() {
    case .success(let response): return try document(response, key: key, address)
    case .failure(let error):
      throw CommandFault("\(address) does not answer (\(error)); start a server with `voiceforge serve`", .unreachable)
    }
  }

  private func document(
    _ response: HTTPClientResponse, key: String?, _ address: String
  ) throws -> (document: JSONValue, text: String) {
    let document: JSONValue
    do throws(JSONFault) { document = try JSONValue(parsing: response.body) } catch {
      throw CommandFault("\(address) is no VoiceForge server: it answers \(response.status)", .unreachable)
    }
    if (200..<300).contains(response.status) { return (document, String(decoding: response.body, as: UTF8.self)) }
    let detail = document.text(at: "detail") ?? "the server answers \(response.status)"
    let remedy = response.status == 401 && key == nil ? "; give it with --key or VOICEFORGE_KEY" : ""
    throw CommandFault(detail + remedy, response.status < 500 ? .wrongInput : .failed)
  }
}
