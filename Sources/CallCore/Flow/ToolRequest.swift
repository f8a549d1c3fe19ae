/// An HTTP request that a flow makes, with every variable already replaced.
public struct ToolRequest: Sendable, Equatable {
  /// The state that asks, for the timeline.
  public var state: String
  /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
  public var method: String
  /// `http` or `https`.
  public var url: String
  /// Name and value, in order.
  public var headers: [(name: String, value: String)]
  /// Text of the body; `nil` for none.
  public var body: String?
  /// Paths such as `order.items.0.name` whose values the flow wants from the JSON answer.
  public var wanted: [String]
  /// When to give up, 100 ms … 30 s.
  public var timeout: CallDuration

  /// All values as described at the properties.
  public init(
    state: String, method: String, url: String, headers: [(name: String, value: String)], body: String?,
    wanted: [String], timeout: CallDuration
  ) {
    self.state = state
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.wanted = wanted
    self.timeout = timeout
  }

  /// Equal in every value.
  public static func == (left: ToolRequest, right: ToolRequest) -> Bool {
    left.state == right.state && left.method == right.method && left.url == right.url && left.body == right.body
      && left.timeout == right.timeout
      && left.wanted == right.wanted && left.headers.elementsEqual(right.headers, by: ==)
  }
}
