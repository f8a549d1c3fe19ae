public import Formats

/// Places loads on this server. The generator is another process, so that what the server is seen to use is the server's own; only
/// whoever puts the program together knows how to start one.
public protocol LoadGenerator: Sendable {
  /// What a run is held to that names no thresholds.
  var usualThresholds: [LoadThreshold] { get }
  /// The address that generators on other machines call, where a load may be placed by such; `nil`: it may not.
  var sharedTarget: String? { get }
  /// `Content-Security-Policy` of the reports.
  var reportPolicy: String { get }

  /// Looks for what is wrong with a request, before anything is started.
  /// - Parameter holdMaxSeconds: longest time that a load may be held.
  /// - Returns: one sentence with the member's name and the remedy; `nil` when nothing is wrong.
  func fault(in request: LoadRequest, holdMaxSeconds: Int) -> String?

  /// What a run is held to by its request; those that it does not name are left to `usualThresholds`.
  /// - Parameter request: without a fault.
  func thresholds(of request: LoadRequest) -> [LoadThreshold]

  /// Begins a run.
  /// - Parameters:
  ///   - request: without a fault.
  ///   - target: where calls are placed, such as `ws://127.0.0.1:8080/v1/call`.
  ///   - key: lets the calls in; `nil`: none is needed. A secret.
  ///   - tell: called for each line, in order, on a thread of the generator, perhaps before this function is back.
  ///   - whenOver: called once, when the generator is gone, with the reason why it did not end well; `nil`: it did.
  /// - Throws: why it cannot be started.
  func begin(
    _ request: LoadRequest, target: String, key: String?, tell: @escaping @Sendable (LoadEvent) -> Void,
    whenOver: @escaping @Sendable (_ problem: String?) -> Void
  ) throws(LoadGeneratorFault) -> any RunningLoad
}

/// A generator at work. Both functions may be called at any time, also when it is gone.
public protocol RunningLoad: Sendable {
  /// Lets the generator hang up and tell what it found so far; one that takes long is ended by force. Does not wait.
  func stop()

  /// Ends the generator and waits until it is gone: a few seconds at most.
  func end()
}

/// Why a generator cannot be started: a sentence for people.
public struct LoadGeneratorFault: Error, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// - Parameter description: the sentence.
  public init(_ description: String) { self.description = description }
}
