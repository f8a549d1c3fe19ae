import CallCore
import CallDriver
import JSON
import Formats
import WebSockets

/// Makes the requests of flows with the server's HTTP client. Redirects are not followed: they are failures.
final class FlowTools: ToolCaller {
  /// Most bytes of an answer that are read: flows take single values from it.
  private static let answerBytesMax = 1 << 20

  private let client: HTTPClient
  private let hosts: ToolHosts

  init(client: HTTPClient, hosts: ToolHosts) {
    self.client = client
    self.hosts = hosts
  }

  func call(_ tool: ToolRequest, completion: @escaping @Sendable (ToolResponse) -> Void) {
    var request = HTTPClientRequest(
      method: tool.method, url: tool.url, headers: tool.headers, body: Array((tool.body ?? "").utf8),
      timeout: .microseconds(tool.timeout.microseconds), responseBytesMax: Self.answerBytesMax)
    request.permits = { [hosts] host, port, address in hosts.permits(host, port: port, at: address) }
    let wanted = tool.wanted
    client.send(request) { result in completion(Self.answer(to: result, wanted: wanted)) }
  }

  private static func answer(
    to result: Result<HTTPClientResponse, HTTPClientError>, wanted: [String]
  ) -> ToolResponse {
    switch result {
    case .failure(.timedOut): return .timedOut
    case .failure(.forbidden(let host)): return .failed("\(host) is no host of VOICEFORGE_TOOL_HOSTS")
    case .failure(let error): return .failed("\(error)")
    case .success(let response):
      guard (200..<300).contains(response.status) else { return .failed("status \(response.status)") }
      if wanted.isEmpty { return .answered(status: response.status, values: [:]) }
      do throws(JSONFault) {
        let body = try JSONValue(parsing: response.body)
        let values = wanted.map { path in (path, body.text(at: path)) }
        return .answered(
          status: response.status,
          values: Dictionary(values.compactMap { pair in pair.1.map { (pair.0, $0) } }, uniquingKeysWith: { $1 }))
      } catch {
        return .failed("the answer is not JSON: \(error)")
      }
    }
  }
}
