import CallCore
import CallDriver
import WebSockets

/// Handlers of what keys have of one kind for telephone calls. A key sees its own alone: that of another key is not there. Blocks.
protocol OwnedResourceController: RouteController {
  associatedtype Resource: TelephonyResource
  /// Where they are kept.
  var resources: any TelephonyResourceStore<Resource> { get }
  /// What one is called.
  static var noun: String { get }
}

extension OwnedResourceController {
  static func unavailable(_ request: RouteRequest) -> HTTPResponse {
    .problem(status: 404, detail: "this server keeps nothing for telephone calls")
  }

  /// The key's own one that the path names.
  func own() throws(StoreError) -> Resource? {
    try resources.one(id: request[.id]).flatMap { $0.owner == request.owner ? $0 : nil }
  }

  /// The answer where it has none of that id.
  var missing: HTTPResponse {
    .problem(status: 404, detail: "there is no \(Self.noun) \(request[.id]), or it is not kept any more")
  }
}

extension RouteRequest {
  /// To whom belongs what this request makes: the id of its key; empty where the server has none.
  var owner: String { key ?? "" }
}
