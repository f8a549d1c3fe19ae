import CallCore

extension FlowGraph {
  /// A picture of the flow: a box for each state, an arrow for each way, from the start downwards.
  public var svg: String { FlowDrawing(self).svg }
}
