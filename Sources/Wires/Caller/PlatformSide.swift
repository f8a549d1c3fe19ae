public import CallCore

/// The calling end of somebody else's wire: what its platform, or a careful client of it, sends to an agent, and what it reads of it. It has no
/// clock and no socket, and knows nothing of who calls. Confined to the call's loop; a frame of audio allocates nothing.
public protocol PlatformSide: AnyObject {
  /// Which wire it speaks.
  var wire: CallWire { get }

  /// How audio travels, both ways: what the caller encodes, and what is put into the play-out queue.
  var format: AudioFormat { get }

  /// What the agent's side did that the wire does not allow, so far.
  var findings: [ConformanceFinding] { get }

  /// The connection is up: writes what a call begins with.
  /// - Parameter write: takes a text message.
  func begin(_ write: (String) -> Void)

  /// Reads a message of the agent, and does with its audio what a platform does: what it says is queued, what it drops is dropped. What is wrong
  /// with a message becomes a finding, and the call goes on.
  /// - Parameters:
  ///   - now: on the clock of the call.
  ///   - queue: plays what the agent says, at the pace of sound.
  ///   - write: takes what the agent is told.
  ///   - handle: takes what the caller learns, in order; it must leave the queue alone.
  func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, at now: Timestamp, into queue: inout PlayoutQueue,
    _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void)

  /// Everything before a mark of the queue has been played.
  /// - Parameter handle: as that of `receive`.
  func reached(_ mark: String, at now: Timestamp, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void)

  /// Time passed: does what is due. Called every 20 ms, before that frame is played.
  /// - Parameters:
  ///   - queue: as that of `receive`.
  ///   - handle: as that of `receive`.
  func advance(
    at now: Timestamp, into queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void)

  /// Writes 20 ms of the caller.
  /// - Parameters:
  ///   - packet: in the format of the side.
  ///   - number: of the packet, from 0; what the network lost leaves a gap.
  ///   - write: takes a message; false when the agent did not take it.
  func send(_ packet: UnsafeRawBufferPointer, number: UInt32, _ write: (WireFrame) -> Bool)

  /// Writes a key that the caller pressed, where the wire has keys.
  func send(_ key: Key, _ write: (String) -> Void)

  /// The call is over at this end: tells what is left.
  /// - Parameters:
  ///   - queue: as that of `receive`; what waits in it is not played any more.
  ///   - handle: as that of `receive`.
  func finish(at now: Timestamp, of queue: borrowing PlayoutQueue, _ handle: (PlatformEvent) -> Void)

  /// Writes that the caller hung up.
  func end(_ write: (String) -> Void)

  /// The agent closed the connection.
  /// - Parameter code: as in RFC 6455, 7.4.1.
  /// - Returns: what that makes of the call.
  func closed(code: Int, reason: String) -> PlatformEnd
}

extension PlatformSide {
  /// Nothing is due.
  public func advance(
    at now: Timestamp, into queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) {}
  /// Everything was told when it happened.
  public func finish(at now: Timestamp, of queue: borrowing PlayoutQueue, _ handle: (PlatformEvent) -> Void) {}
}

/// What a caller learns over somebody else's wire, besides hearing the agent.
public enum PlatformEvent: Sendable, Equatable {
  /// What was not played yet of the agent is gone.
  case cleared
  /// The agent told something of the call, in the words of our own wire: when it began to say what, what it understood.
  case told(ServerMessage)
  /// What the agent is saying; more of it than was told before.
  case says(String)
  /// The agent has said all that it wanted to say, and it was played.
  case finished
  /// The agent called a tool.
  case calledTool(ToolCall)
}

/// A tool that an agent called.
public struct ToolCall: Sendable, Equatable {
  /// Which.
  public var name: String
  /// With what: JSON as the agent wrote it.
  public var arguments: String

  /// - Parameter arguments: JSON.
  public init(name: String, arguments: String) { (self.name, self.arguments) = (name, arguments) }
}

/// What it makes of a call that the agent closed the connection.
public enum PlatformEnd: Sendable, Equatable {
  /// It is over for this reason; what waits is still played.
  case over(CloseReason)
  /// It broke off.
  case brokenOff
  /// It did not come about, because the agent's side wants none.
  case refused(code: String, message: String)
}

extension PlatformEnd {
  /// 1000 and 1001 end a call as they should; 1005 is a close without a code, as many bots send it (RFC 6455, 7.4.1).
  static func usual(_ code: Int) -> PlatformEnd { [1000, 1001, 1005].contains(code) ? .over(.completed) : .brokenOff }
}
