/// What one child may take. A child that passes a limit is ended, and another one is started.
///
/// Time is counted in CPU time of the child, and in looks at it by whoever waits: both say the same on a busy machine as on an idle one.
public struct ChildLimits: Sendable, Hashable {
  /// CPU time for one request, in milliseconds. A child that has just been started loads itself in this time, too.
  public var cpuMillisecondsMax: Int
  /// How long it may use no CPU at all while a request waits, in milliseconds: it was stopped, or waits for what never comes.
  public var idleMillisecondsMax: Int
  /// How long a request may take whatever the child does, in milliseconds.
  public var answerMillisecondsMax: Int
  /// Its address space in bytes (`RLIMIT_AS`), the program itself included. Not set under sanitizers, which reserve terabytes.
  public var memoryBytesMax: Int
  /// Largest request; a larger one is refused and reaches no child.
  public var requestBytesMax: Int
  /// Largest answer.
  public var answerBytesMax: Int

  /// - Parameters:
  ///   - cpuMillisecondsMax: CPU time for one request.
  ///   - idleMillisecondsMax: time without any CPU while a request waits.
  ///   - answerMillisecondsMax: time for one request whatever the child does.
  ///   - memoryBytesMax: address space.
  ///   - requestBytesMax: largest request, at most 4 GiB.
  ///   - answerBytesMax: largest answer, at most 4 GiB.
  public init(
    cpuMillisecondsMax: Int, idleMillisecondsMax: Int, answerMillisecondsMax: Int, memoryBytesMax: Int,
    requestBytesMax: Int, answerBytesMax: Int
  ) {
    self.cpuMillisecondsMax = cpuMillisecondsMax
    self.idleMillisecondsMax = idleMillisecondsMax
    self.answerMillisecondsMax = answerMillisecondsMax
    self.memoryBytesMax = memoryBytesMax
    self.requestBytesMax = requestBytesMax
    self.answerBytesMax = answerBytesMax
  }
}
