/// Sizes, limits and times of one service loop. The defaults suit a media loop.
public struct ServiceLoopConfiguration: Sendable {
  /// Shown as the thread's name, at most 15 characters.
  public var name = "loop"
  /// WebSocket subprotocols spoken here. A client that offers none is asked about with an empty list; one that offers
  /// only others is refused with 400 before the handler sees it.
  public var subprotocols: [String] = ["voiceforge.v1"]

  /// Time between two ticks. 1 ms spreads the calls of a loop over a 20 ms frame (facts/libwebsockets.md, Threads).
  public var tickPeriod: Duration = .milliseconds(1)
  /// Ticks until the same slot comes again; 20 of 1 ms make one frame.
  public var tickSlotCount = 20
  /// Ticks even while the loop has no WebSocket. Off, an idle loop sleeps.
  public var ticksWhenIdle = false
  /// From so many WebSockets on the loop's thread sleeps until its next tick, and what arrives is read then.
  ///
  /// libwebsockets asks the kernel about every socket, with `poll`, each time that one of them has something to read: with 500
  /// calls that was a third of what a media loop did. A loop that sleeps finds many sockets readable at once and asks once for
  /// all of them; nothing waits longer than a tick. Only for loops with short ticks; the default is never.
  public var restsFromCount = Int.max

  /// Work items waiting in the mailbox; further `post` calls return false.
  public var mailboxCapacity = 16_384
  /// Largest message received, in bytes, fragments together. A longer one closes with 1009.
  public var messageBytesMax = 1 << 20
  /// Largest binary message sent, header and payload together, in bytes. 65,536 holds 300 ms of 48 kHz PCM twice over.
  public var binarySendBytesMax = 1 << 16
  /// Whether libwebsockets checks text for UTF-8 byte by byte, as it comes. Off, a message is checked when all of it is there, eight bytes at once as
  /// long as they are ASCII: for loops whose connections all began here. Text that is none closes with 1007 in both cases, but libwebsockets tells a client
  /// of its own another code than it closes with (4.1.6).
  public var checksTextByPiece = true
  /// Text bytes queued for one connection; beyond it the peer is too slow and is closed with 1013.
  public var queuedTextBytesMax = 1 << 20
  /// Text messages queued for one connection; the same overflow.
  public var queuedTextCountMax = 1_024

  /// How often is looked what a peer sends that belongs to no message: pings, pongs, fragments of a few bytes. Of more than 64 KiB in such
  /// a period the connection is closed with 1008.
  public var controlFramePeriod: Duration = .seconds(2)
  /// Silence of a WebSocket after which it is pinged. Whole seconds, because libwebsockets counts in them.
  public var pingAfter: Duration = .seconds(10)
  /// Silence after which it is hung up; longer than `pingAfter`.
  public var hangUpAfter: Duration = .seconds(20)
  /// Longest wait for the rest of a request head or body, and for a peer to read a response.
  public var requestTimeMax: Duration = .seconds(10)
  /// Longest idle time of a kept-alive HTTP connection.
  public var keepAliveTime: Duration = .seconds(30)
  /// Longest wait for a peer's answer to our close, before its socket is cut. After an error libwebsockets finds itself
  /// (1002, 1007) it waits 5 s, which is fixed in it.
  public var closeTimeMax: Duration = .seconds(2)
  /// Closes a client that does not mask its first frame (RFC 6455 section 5.1) with 1002. See `MaskCheck`.
  public var checksMasking = true

  /// Answers plain HTTP requests. Nil: a loop for calls only, which answers 426.
  public var httpHandler: (any HTTPHandler)?
  /// Largest request body, bytes. A longer one is answered 413.
  public var requestBodyBytesMax = 16 << 20
  /// Slowest pace at which a body may come, and an answer be read, averaged and after `requestTimeMax` of grace; a body's over
  /// the last seconds. Bytes a second.
  public var bytesPerSecondMin = 16_384
  /// Counts the request bodies and unfinished WebSocket messages of all connections that share it. A body that does not fit is
  /// answered 503, a message closes its connection with 1013.
  public var bodyBudget = ByteBudget(bytesMax: 256 << 20)
  /// Counts the long answers of all connections that share it; one that does not fit becomes a 503.
  public var responseBudget = ResponseBudget(bytesMax: 256 << 20)
  /// Asked on the loop's thread where an upgrade goes that came on a connection of this loop.
  public var upgradeRoute: @Sendable (HTTPRequest) -> UpgradeRoute = { _ in .here }

  /// What accepted connections show when they begin with TLS, which all of them do then; `nil`: none does. The handshake is this
  /// loop's work: 0.4 ms of CPU with a P-256 key, 0.7 ms with RSA of 2048 bits (whole process, measured with
  /// `openssl s_time -new`), in pieces during which nothing else happens on the loop.
  public var certificate: ServerCertificate?

  /// Prepares TLS for outbound connections when the loop starts: 47 ms and 4 MB, so only where it is wanted.
  public var offersTLSClients = false

  /// The defaults.
  public init() {}
}
