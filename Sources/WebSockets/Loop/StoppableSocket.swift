/// A socket with something to say when its loop stops.
protocol StoppableSocket: AnyObject {
  /// Ends at once unless an answer is being written.
  func loopStops()
}
