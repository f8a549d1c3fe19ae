public import CallCore
public import JSON

/// The answering end of a wire: a codec that turns what the peer sends into events and what the call does into the wire's frames. It has
/// no clock and no socket, and knows nothing of who answers. Confined to the call's loop; a frame of audio allocates nothing.
public protocol ApplicationSide: AnyObject {
  /// Which wire it speaks.
  var wire: CallWire { get }

  /// Whether audio comes as text, so that a frame shows what it is only once it is read.
  var hasAudioInText: Bool { get }

  /// Whether the peer is told what is wrong with what it sent.
  var tellsFaults: Bool { get }

  /// Whether the peer has yet to say that it played what was sent to it.
  var awaitsMarks: Bool { get }

  /// What longer messages than usual may have; one that is longer still is skipped. `nil`: one that is too long closes the connection.
  var messageLimits: MessageLimits? { get }

  /// What a peer is told when the connection is closed because the call has lasted as long as it may; `nil`: the usual.
  var expiryText: String? { get }

  /// The code with which the connection is closed after what was told last; `nil`: the usual.
  var closeCode: Int? { get }

  /// How much sooner than due the agent's packets are sent, where several of them make one message; `nil`: the usual.
  var playoutLead: CallDuration? { get }

  /// What time it is in the call, for what is told next.
  func setTime(_ now: Timestamp)

  /// The connection is up: writes what the peer is told before it says anything.
  /// - Parameter write: takes a text message.
  func connected(_ write: (String) -> Void)

  /// The peer has not said a word: begins the call where the wire needs none.
  /// - Parameter handle: as that of `receive`.
  func begin(_ handle: (WireEvent) -> Void)

  /// Time passed: hands over what is due now. Called every 20 ms of a call.
  /// - Parameter handle: as that of `receive`.
  func advance(at now: Timestamp, _ handle: (WireEvent) -> Void)

  /// A message was longer than the connection takes, and was skipped.
  /// - Parameter write: takes a text message.
  func skippedMessage(_ write: (String) -> Void)

  /// Reads one frame of the peer.
  /// - Parameters:
  ///   - frame: a whole message, as received.
  ///   - isText: whether it is a text message.
  ///   - handle: takes each event in order; what it is lent is valid during the call only.
  /// - Returns: whether it is audio, of which a call has many frames, or a message, of which it has few.
  /// - Throws: what is wrong with the frame; events before it were handled.
  func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, _ handle: (WireEvent) -> Void
  ) throws(WireFault) -> FrameKind

  /// Writes one packet of the agent.
  /// - Parameter write: takes each frame; false when the connection cannot take it now.
  /// - Returns: whether the packet is on its way; if not, it is offered again.
  func send(_ packet: AgentPacket, _ write: (WireFrame) -> Bool) -> Bool

  /// Writes what else the peer is to be told, as far as the wire has a word for it.
  /// - Parameter write: takes a text message.
  func send(_ command: WireCommand, _ write: (String) -> Void)
}

extension ApplicationSide {
  /// None.
  public var messageLimits: MessageLimits? { nil }
  /// The usual.
  public var expiryText: String? { nil }
  /// The usual.
  public var closeCode: Int? { nil }
  /// The usual.
  public var playoutLead: CallDuration? { nil }
  /// Nothing that is told says it.
  public func setTime(_ now: Timestamp) {}
  /// Nothing.
  public func connected(_ write: (String) -> Void) {}
  /// It needs one.
  public func begin(_ handle: (WireEvent) -> Void) {}
  /// Everything was handed over when it came.
  public func advance(at now: Timestamp, _ handle: (WireEvent) -> Void) {}
  /// Such a message ends the connection.
  public func skippedMessage(_ write: (String) -> Void) {}
}

/// How long messages of a peer may be.
public struct MessageLimits: Sendable {
  /// Of one message.
  public var bytesMax: Int
  /// Memory that stays with the connection between messages that come in pieces.
  public var keptBytes: Int
}

/// What a frame of the peer is, for the budgets of a call.
public enum FrameKind: Sendable { case audio, message }

/// Something that the peer did.
public enum WireEvent {
  /// The call begins; comes once, before all others.
  case opened(CallInvitation)
  /// One packet of 20 ms in the format of the invitation, lent for the call. `stamp`: microseconds on the sender's clock.
  case audio(UnsafeRawBufferPointer, sequence: UInt32, stamp: UInt64?)
  /// A key: one of `0…9*#`.
  case key(Character)
  /// Typed instead of spoken; not empty.
  case text(String)
  /// The client's own word on how much of an utterance it played.
  case played(UtteranceID, CallDuration)
  /// The platform has played everything up to a point that was due to be heard at this instant of the call.
  case markReturned(UtteranceID, CallDuration, due: Timestamp)
  /// The caller's opinion of the call.
  case rated(QualityRating)
  /// The peer decides on turns itself.
  case commanded(TurnCommand)
  /// The wire's own answer to what the peer sent, to be sent as it is; whether it says that something was wrong.
  case answer(String, isFault: Bool)
  /// The peer asks the language model beside the call, of which the call knows nothing. Numbers count up from 1.
  case asked(aside: Int, ModelRequest)
  /// The answer is not wanted any more.
  case stopped(aside: Int)
  /// The peer hung up.
  case hungUp
}

/// What a peer asks for when a call begins.
public struct CallInvitation: Sendable, Equatable {
  /// What answers.
  public enum Answering: Sendable, Equatable {
    /// The flow of the request; any other name is that of a language model.
    case flow
    /// Nothing but what was understood, said back; the name stands for the flow in the record.
    case echo(name: String)
  }

  /// Flow, format and notes. An empty flow: the one that the server has for such calls.
  public var request: StartRequest
  /// What answers.
  public var answering = Answering.flow
  /// Whether the flow's name is that of a model, in the peer's words.
  public var namesModel = false
  /// Whether a language model is to talk, by the client's own instructions, in place of a flow.
  public var isModelTalk = false
  /// Whether the agent is to be heard. If not, its words are not spoken and count as said at once.
  public var hearsAgent = true
  /// The key that came in the message, on wires whose handshake brings none; in no log, record or answer.
  public var apiKey: String?

  /// The name that stands for the flow where there is none.
  package var echoName: String? { if case .echo(let name) = answering { name } else { nil } }

  /// - Parameter request: what the peer said, in our own words.
  public init(request: StartRequest) { self.request = request }
}

/// One message on its way out, in two pieces that lie in buffers of others.
public struct WireFrame {
  /// Whether it goes as text.
  public var isText: Bool
  /// What stands first.
  public var header: UnsafeRawBufferPointer
  /// What follows.
  public var payload: UnsafeRawBufferPointer
}

extension WireFrame {
  private static var none: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

  /// A text message that lies in one buffer.
  static func text(_ bytes: UnsafeRawBufferPointer) -> WireFrame {
    WireFrame(isText: true, header: bytes, payload: none)
  }

  /// A binary message that lies in one buffer.
  static func binary(_ bytes: UnsafeRawBufferPointer) -> WireFrame {
    WireFrame(isText: false, header: none, payload: bytes)
  }
}

/// What the peer is told besides the agent's audio.
public enum WireCommand: Sendable, Equatable {
  /// The call is up.
  case ready(ReadyNotice)
  /// Something happened in the call.
  case report(CallReport)
  /// Something is wrong with what the peer sent; the call ends if it is fatal.
  case fault(WireFault, isFatal: Bool)
  /// The call is over; without a record when it never began.
  case ended(CloseReason, CallDocument?)
  /// More of what the peer asked the language model beside the call.
  case aside(Int, AsideNews)
}

/// What comes of a question to a language model beside the call.
public enum AsideNews: Sendable, Equatable {
  /// More of the answer.
  case delta(ModelDelta)
  /// The answer is whole.
  case finished
  /// There is no answer, or no more of it.
  case failed(ModelFault)
}
