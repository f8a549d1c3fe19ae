import Threads

/// Bytes that all connections together may hold of what peers sent and nobody has used yet, and what one address may have of them.
public final class ByteBudget: Sendable {
  /// Why bytes may not be held.
  enum Refusal {
    /// The connections of this address hold their share.
    case peerShare
    /// All connections together hold all there is.
    case sum

    /// - Parameter what: there are too many of, such as `request bodies`.
    func response(_ what: String) -> HTTPResponse {
      switch self {
      case .peerShare: .later(1, status: 429, "the \(what) of this address take too much memory; try again")
      case .sum: .later(1, "all \(what) together take too much memory; try again")
      }
    }
  }

  private let bytesMax: Int
  private let bytesPerPeerMax: Int
  private let used = SharedNumber()

  /// - Parameters:
  ///   - bytesMax: what does not fit is refused by whoever asks: a request body with 503.
  ///   - bytesPerPeerMax: the same for the connections of one address, where bodies are refused with 429. `nil` where a proxy stands in
  ///     front, whose address all connections have.
  public init(bytesMax: Int, bytesPerPeerMax: Int? = nil) {
    self.bytesMax = bytesMax
    self.bytesPerPeerMax = bytesPerPeerMax ?? .max
  }

  /// Bytes held now.
  public var usedBytes: Int { used.value }

  /// - Parameter peer: of the connection; `nil` for one that begins here.
  /// - Returns: `nil` when they are held; nothing is held otherwise.
  func reserve(_ bytes: Int, by peer: PeerBytes?) -> Refusal? {
    if let peer, peer.add(bytes) > bytesPerPeerMax {
      peer.add(-bytes)
      return .peerShare
    }
    if used.add(bytes) <= bytesMax { return nil }
    release(bytes, by: peer)
    return .sum
  }

  func release(_ bytes: Int, by peer: PeerBytes?) {
    used.add(-bytes)
    peer?.add(-bytes)
  }
}

/// What of the budget one request body holds, until nobody has the body any more: it goes with the request to its handler.
final class HeldBytes: Sendable {
  private let budget: ByteBudget
  /// Kept, so that what a peer left behind counts when it comes again.
  private let place: ConnectionSlot
  private let count = SharedNumber()

  init(of budget: ByteBudget, by place: ConnectionSlot) {
    self.budget = budget
    self.place = place
  }

  deinit { budget.release(count.value, by: place.bytes) }

  /// - Returns: `nil` when they are held, too.
  func add(_ bytes: Int) -> ByteBudget.Refusal? {
    if let refusal = budget.reserve(bytes, by: place.bytes) { return refusal }
    count.add(bytes)
    return nil
  }
}

/// Bytes of the budget that the connections of one address hold.
typealias PeerBytes = SharedNumber

/// Bytes of long answers that peers have not read yet, and what the connections of one address may have of them. Connections that send the same
/// bytes share them: these count once, and once for each address that reads them.
public final class ResponseBudget: Sendable {
  private struct Held {
    let bytes: Int
    /// Connections that read them, by address.
    var readers: [ObjectIdentifier: Int] = [:]
  }

  private struct State {
    var answers: [UInt: Held] = [:]
    var bytes = 0
    var bytesOfPeers: [ObjectIdentifier: Int] = [:]
  }

  private let bytesMax: Int
  private let bytesPerPeerMax: Int
  private let state = Locked(State())

  /// - Parameters:
  ///   - bytesMax: an answer that does not fit becomes a 503.
  ///   - bytesPerPeerMax: of one address; what does not fit becomes a 429. `nil` where a proxy stands in front, whose address all have.
  public init(bytesMax: Int, bytesPerPeerMax: Int? = nil) {
    self.bytesMax = bytesMax
    self.bytesPerPeerMax = bytesPerPeerMax ?? .max
  }

  /// Bytes held now.
  public var usedBytes: Int { state.withLock { $0.bytes } }

  /// - Parameters:
  ///   - body: kept by the connection until it calls `release`, so that its bytes stay where they are.
  ///   - peer: of the connection, which keeps it as long.
  /// - Returns: `nil` when it is held; nothing is held otherwise.
  func reserve(_ body: [UInt8], by peer: PeerBytes) -> ByteBudget.Refusal? {
    let (key, peer) = (Self.place(of: body), ObjectIdentifier(peer))
    return state.withLock { state in
      var held = state.answers[key] ?? Held(bytes: body.count)
      let ofPeer = (state.bytesOfPeers[peer] ?? 0) + (held.readers[peer] == nil ? held.bytes : 0)
      guard ofPeer <= bytesPerPeerMax else { return .peerShare }
      if held.readers.isEmpty {
        guard state.bytes + held.bytes <= bytesMax else { return .sum }
        state.bytes += held.bytes
      }
      held.readers[peer, default: 0] += 1
      state.answers[key] = held
      state.bytesOfPeers[peer] = ofPeer
      return nil
    }
  }

  func release(_ body: [UInt8], by peer: PeerBytes) {
    let (key, peer) = (Self.place(of: body), ObjectIdentifier(peer))
    state.withLock { state in
      guard var held = state.answers[key], let readers = held.readers[peer] else { return }
      held.readers[peer] = readers > 1 ? readers - 1 : nil
      if readers == 1 {
        let ofPeer = (state.bytesOfPeers[peer] ?? 0) - held.bytes
        state.bytesOfPeers[peer] = ofPeer > 0 ? ofPeer : nil
      }
      if held.readers.isEmpty { state.bytes -= held.bytes }
      state.answers[key] = held.readers.isEmpty ? nil : held
    }
  }

  /// Copies of an array that nobody changes lie at one place.
  private static func place(of body: [UInt8]) -> UInt { body.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
}
