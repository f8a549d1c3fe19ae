/// Work of the speech engines for one request, in steps so short that no call notices them.
protocol SpeechJob: AnyObject, Sendable {
  /// Whether nobody wants it any more.
  var isOver: Bool { get }

  /// Does a step, at most some tenths of a second. Called on a worker thread, never by two at once.
  /// - Returns: whether to queue the job for another step.
  func step() -> Bool

  /// No thread was free within the limit. Called instead of a step.
  func expire()
}
