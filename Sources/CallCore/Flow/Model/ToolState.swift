/// Makes an HTTP request, keeps what it wants of the answer, and goes on.
public struct ToolState: Sendable, Equatable {
  /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
  public var method: String
  /// A variable at its very beginning stands as it is; any other is percent-encoded.
  public var url: FlowText
  /// Name and value, in order.
  public var headers: [FlowAssignment]
  /// In a body that is JSON, variables are escaped for its strings.
  public var body: FlowText?
  /// The variable of each path of the JSON answer, in order.
  public var saves: [ToolSave]
  /// Said while the caller waits.
  public var says: FlowText?
  /// When to give up, 100 ms … 30 s.
  public var timeout: CallDuration
  /// How often to try again after a failure, 0 … 2.
  public var retries: Int
  /// The state after an answer.
  public var next: String
  /// The state after a failure; `nil`: the call ends with an engine failure.
  public var failed: String?
  /// The state after no answer in time; `nil`: as after a failure.
  public var timedOut: String?

  /// Three seconds: a caller hears silence for as long.
  public static let timeoutDefault = CallDuration.seconds(3)

  /// See the properties.
  public init(
    method: String = "GET", url: FlowText, headers: [FlowAssignment] = [], body: FlowText? = nil,
    saves: [ToolSave] = [], says: FlowText? = nil, timeout: CallDuration = ToolState.timeoutDefault,
    retries: Int = 0, next: String, failed: String? = nil, timedOut: String? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.saves = saves
    self.says = says
    self.timeout = timeout
    self.retries = retries
    self.next = next
    self.failed = failed
    self.timedOut = timedOut
  }
}
