public import CallCore

/// Makes the HTTP requests of flows, off the media loops.
public protocol ToolCaller: AnyObject, Sendable {
  /// Any thread. `completion` is called exactly once, on any thread, at the latest after `tool.timeout`.
  func call(_ tool: ToolRequest, completion: @escaping @Sendable (ToolResponse) -> Void)
}
