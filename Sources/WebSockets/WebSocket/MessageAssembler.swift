/// Joins the pieces of a message. A message that arrives in one piece is passed through without a copy.
struct MessageAssembler: ~Copyable {
  enum Outcome {
    case incomplete
    case complete(UnsafeRawBufferPointer)
    case tooBig
    /// One that was too long has come to its end; nothing of it was kept.
    case skipped
    /// What all connections together may hold is used up; nothing of the piece was kept.
    case overBudget
    /// More pieces without a byte than `emptyPiecesMax`.
    case tooManyEmpty
  }

  /// Pieces without a byte in one message. No client needs one; each costs a callback, and they count as no bytes.
  static let emptyPiecesMax = 100

  /// Longest message.
  var bytesMax: Int
  /// Whether a longer one is skipped.
  var skipsLongMessages = false
  /// Memory that stays for the next message.
  var keptBytesMax = 4_096
  private var isSkipping = false
  private let budget: ByteBudget
  private let peer: PeerBytes?
  private var storage: UnsafeMutableRawBufferPointer?
  private var count = 0
  private var emptyPieces = 0

  /// - Parameters:
  ///   - budget: counts the memory taken for unfinished messages.
  ///   - peer: whose share of it that is; `nil` for a connection that begins here.
  init(bytesMax: Int, budget: ByteBudget, peer: PeerBytes?) {
    self.bytesMax = bytesMax
    self.budget = budget
    self.peer = peer
  }

  deinit {
    guard let storage else { return }
    budget.release(storage.count, by: peer)
    storage.deallocate()
  }

  /// - Parameters:
  ///   - isFirst: the piece begins a message.
  ///   - isLast: the piece ends it.
  ///   - remaining: bytes of the current frame still to come, as declared by the peer, at most 2⁶³.
  /// - Returns: a complete message is valid until the next call.
  mutating func add(_ piece: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool, remaining: Int) -> Outcome {
    if isFirst {
      count = 0
      emptyPieces = 0
      isSkipping = false
    }
    let (announced, overflow) = (count + piece.count).addingReportingOverflow(remaining)
    if isSkipping || overflow || announced > bytesMax {
      guard skipsLongMessages else { return .tooBig }
      isSkipping = true
      return isLast ? .skipped : .incomplete
    }
    if isFirst && isLast { return .complete(piece) }
    if piece.isEmpty && !isLast {
      emptyPieces += 1
      if emptyPieces > Self.emptyPiecesMax { return .tooManyEmpty }
    }
    guard append(piece) else { return .overBudget }
    return isLast
      ? .complete(
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(storage ?? .init(start: nil, count: 0))[..<count]))
      : .incomplete
  }

  /// Gives memory back that a long message took; small buffers stay for the next frame split by the network.
  mutating func trim() {
    if storage?.count ?? 0 > keptBytesMax { removeAll() }
  }

  /// Gives all memory back, with what was in it: the connection is over.
  mutating func removeAll() {
    count = 0
    guard let storage else { return }
    budget.release(storage.count, by: peer)
    storage.deallocate()
    self.storage = nil
  }

  /// - Returns: false when the budget has no room for it.
  private mutating func append(_ piece: UnsafeRawBufferPointer) -> Bool {
    let needed = count + piece.count
    if needed > storage?.count ?? 0, !grow(to: needed) { return false }
    guard let storage, !piece.isEmpty else { return true }
    UnsafeMutableRawBufferPointer(rebasing: storage[count...]).copyMemory(from: piece)
    count = needed
    return true
  }

  private mutating func grow(to needed: Int) -> Bool {
    let capacity = min(bytesMax, max(2_048, needed * 2))
    guard budget.reserve(capacity, by: peer) == nil else { return false }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    if let storage {
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
      budget.release(storage.count, by: peer)
      storage.deallocate()
    }
    storage = larger
    return true
  }
}

/// Notices a peer that keeps its connection busy with what is no message: pings, pongs, fragments of a few bytes. libwebsockets answers and joins
/// them without a word, so what the socket received is compared with the bytes of messages.
struct ControlFrameMeter {
  /// Bytes between two looks that belong to no message: some 10,000 pings. Our own pings are answered with one pong in ten seconds.
  static let bytesMax = 65_536

  private var lastUnseen: Int?

  /// - Parameters:
  ///   - received: bytes that the connection received so far and libwebsockets has read.
  ///   - messages: bytes of messages so far, with a header for each.
  mutating func isFlood(received: Int, messages: Int) -> Bool {
    let unseen = received &- messages
    defer { lastUnseen = unseen }
    guard let lastUnseen else { return false }
    return unseen &- lastUnseen > Self.bytesMax
  }
}
