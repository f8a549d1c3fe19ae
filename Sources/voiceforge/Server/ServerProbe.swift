import CallDriver
import Glibc
import JSON
import Threads
import WebSockets

/// Looks whether a VoiceForge server answers.
struct ServerProbe {
  enum Finding: Equatable {
    /// A server of this version.
    case found(version: String)
    /// Something else answers.
    case stranger
    /// Nobody answers; the text says why.
    case nobody(String)
  }

  /// Without a slash at the end, such as `http://127.0.0.1:8080`.
  let address: String
  /// Time for one answer; a server on this machine takes a millisecond, one far away a second.
  private let patience: Duration

  init(address: String) {
    self.address = address
    patience = .seconds(5)
  }

  /// A server on this machine.
  init(host: String, port: UInt16) {
    let reachable = ["0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
    address = "http://\(reachable.contains(":") ? "[\(reachable)]" : reachable):\(port)"
    patience = .seconds(1)
  }

  /// Asks `/healthz`.
  func check() -> Finding {
    switch get("/healthz") {
    case .success(let response):
      guard let document = response.document, document["status"] == .string("ok"),
        let version = document.text(at: "version")
      else { return .stranger }
      return .found(version: version)
    case .failure(.unreachable(let why)), .failure(.lost(let why)): return .nobody(why)
    case .failure(.timedOut): return .nobody("no answer within \(patience)")
    case .failure(.tls(let why)): return .nobody(why)
    case .failure: return .stranger
    }
  }

  /// Waits for its engines: loading takes a second or two; what is not ready then refuses the call and says why.
  func waitForEngines() {
    let deadline = ContinuousClock.now + .seconds(30)
    defer { ProgressLine.clear() }
    while isLoading(), ContinuousClock.now < deadline {
      ProgressLine.show("the server is loading its speech engines …")
      if StopSignal.isReceived(within: 100) { return }
    }
  }

  private func isLoading() -> Bool {
    guard case .success(let response) = get("/readyz") else { return false }
    return response.document?["status"] == .string("loading")
  }

  /// Whether calls are taken just now.
  func isReady() -> Bool {
    guard case .success(let response) = get("/readyz") else { return false }
    return response.status == 200
  }

  private func get(_ path: String) -> Result<HTTPClientResponse, HTTPClientError> {
    let client = HTTPClient()
    defer { client.stop() }
    return client.ask(HTTPClientRequest(url: address + path, timeout: patience, responseBytesMax: 65_536), key: nil)
  }
}

extension HTTPClient {
  /// Sends a request to a server of ours and waits for the answer.
  /// - Parameter key: for the server; `nil`: none is sent.
  func ask(_ request: HTTPClientRequest, key: String?) -> Result<HTTPClientResponse, HTTPClientError> {
    var request = request
    if let key { request.headers.append(("authorization", "Bearer \(key)")) }
    let answer = Promise<Result<HTTPClientResponse, HTTPClientError>>()
    send(request) { answer.fulfill($0) }
    return answer.wait()
  }
}

extension HTTPClientResponse {
  /// The body; `nil` for what is no JSON.
  var document: JSONValue? {
    do throws(JSONFault) { return try JSONValue(parsing: body) } catch { return nil }
  }
}
