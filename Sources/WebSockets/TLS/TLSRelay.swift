import CLibwebsockets
import Glibc
import Threads

/// Carries the bytes of one WebSocket between its TLS connection and libwebsockets, which has the other end of a socket pair and
/// sees a connection in clear.
final class TLSRelay: PolledSocket {
  /// Bytes on their way in one direction.
  private final class Way {
    private var bytes: [UInt8]
    private var start = 0
    private(set) var isEnded = false
    var isEmpty: Bool { start == bytes.count }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Returns: whether bytes came.
    func fill(_ read: (UnsafeMutableRawBufferPointer) -> SocketStream.Outcome) -> Bool {
      var outcome = SocketStream.Outcome.wait
      bytes = [UInt8](unsafeUninitializedCapacity: TLSRelay.bytesMax) { buffer, count in
        outcome = read(UnsafeMutableRawBufferPointer(buffer))
        if case .count(let got) = outcome { count = got }
      }
      start = 0
      isEnded = outcome == .ended || outcome == .broken
      return !bytes.isEmpty
    }

    func drain(_ write: (UnsafeRawBufferPointer) -> SocketStream.Outcome) -> SocketStream.Outcome {
      guard !isEmpty else { return .wait }
      let outcome = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[start...])) }
      if case .count(let count) = outcome { start += count }
      return outcome
    }
  }

  private let loop: LoopContext
  private let stream: SocketStream
  private let local: Int32
  private let outerToken: UInt64
  private let innerToken = LoopContext.makeID()
  private let inward: Way
  private let outward = Way([])
  private var isOver = false
  /// Bytes of the peer that went on to libwebsockets.
  private(set) var broughtBytes = 0
  /// libwebsockets has closed its end; what it wrote before can still be read.
  private var isLocalClosed = false
  private var endDeadline: UInt64?

  /// Bytes held in each direction; more is not read until these are taken.
  private static let bytesMax = 16_384

  private init(_ stream: SocketStream, local: Int32, token: UInt64, received: [UInt8], loop: LoopContext) {
    self.stream = stream
    self.local = local
    outerToken = token
    inward = Way(received)
    self.loop = loop
  }

  /// - Parameter token: a new one of the loop's.
  /// - Returns: the end for libwebsockets; `nil` when there are no descriptors. The relay ends with the connection.
  static func start(
    _ stream: SocketStream, received: [UInt8], loop: LoopContext
  ) -> (descriptor: Int32, relay: TLSRelay)? {
    var ends: (Int32, Int32) = (-1, -1)
    let isMade = withUnsafeMutableBytes(of: &ends) { vf_socket_pair($0.bindMemory(to: Int32.self).baseAddress) == 0 }
    guard isMade, let poller = loop.poller else { return nil }
    let relay = TLSRelay(stream, local: ends.0, token: LoopContext.makeID(), received: received, loop: loop)
    guard poller.add(stream.descriptor, events: 0, token: relay.outerToken, socket: relay),
      poller.add(ends.0, events: 0, token: relay.innerToken, socket: relay)
    else {
      relay.end()
      close(ends.1)
      return nil
    }
    relay.pump()
    return (ends.1, relay)
  }

  func ready(_ token: UInt64, events: UInt32) {
    if events & (UInt32(EPOLLERR.rawValue) | UInt32(EPOLLHUP.rawValue)) != 0 {
      guard token == innerToken else { return end() }
      localClosed()
    }
    pump()
  }

  /// What libwebsockets said last may take the peer so long to read.
  func sweep(at now: UInt64) {
    if let endDeadline, now >= endDeadline { end() }
  }

  func loopStops() {}  // libwebsockets closes its end

  /// epoll would say so on and on while the peer does not read what is left for it, for which it has its time.
  private func localClosed() {
    guard !isLocalClosed else { return }
    isLocalClosed = true
    loop.poller?.remove(local, token: innerToken)
    endDeadline = MonotonicClock.now() + loop.configuration.closeTimeMax.microseconds
  }

  private func pump() {
    guard !isOver else { return }
    var isMoving = true
    while isMoving {
      isMoving = false
      isMoving = fillInward() || isMoving
      isMoving = drainInward() || isMoving
      isMoving = fillOutward() || isMoving
      isMoving = drainOutward() || isMoving
      if isOver { return }
    }
    if outward.isEnded, outward.isEmpty { return end() }
    watch()
  }

  private func fillInward() -> Bool {
    guard inward.isEmpty, !inward.isEnded, !isLocalClosed else { return false }
    let hasMore = inward.fill { stream.read(into: $0) }
    if inward.isEnded { shutdown(local, Int32(SHUT_WR)) }
    return hasMore
  }

  private func fillOutward() -> Bool {
    guard outward.isEmpty, !outward.isEnded else { return false }
    return outward.fill { buffer in
      let count = recv(local, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 { return .count(count) }
      return count == 0 ? .ended : (errno == EAGAIN || errno == EINTR ? .wait : .broken)
    }
  }

  private func drainInward() -> Bool {
    guard !isLocalClosed else { return false }
    return drain(inward) { bytes in
      let count = send(local, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      if count > 0 { broughtBytes += count }
      return count > 0 ? .count(count) : (errno == EAGAIN || errno == EINTR ? .wait : .broken)
    }
  }

  private func drainOutward() -> Bool { drain(outward) { stream.write($0) } }

  private func drain(_ way: Way, _ write: (UnsafeRawBufferPointer) -> SocketStream.Outcome) -> Bool {
    switch way.drain(write) {
    case .count: return true
    case .wait: return false
    case .ended, .broken:
      end()
      return false
    }
  }

  private func watch() {
    var outer: UInt32 = 0
    if inward.isEmpty, !inward.isEnded, !isLocalClosed { outer |= UInt32(EPOLLIN.rawValue) }
    if !outward.isEmpty || stream.wantsWrite { outer |= UInt32(EPOLLOUT.rawValue) }
    loop.poller?.change(stream.descriptor, events: outer, token: outerToken)
    if outward.isEnded { localClosed() }
    guard !isLocalClosed else { return }
    var inner: UInt32 = 0
    if outward.isEmpty { inner |= UInt32(EPOLLIN.rawValue) }
    if !inward.isEmpty { inner |= UInt32(EPOLLOUT.rawValue) }
    loop.poller?.change(local, events: inner, token: innerToken)
  }

  private func end() {
    guard !isOver else { return }
    isOver = true
    loop.poller?.remove(stream.descriptor, token: outerToken)
    loop.poller?.remove(local, token: innerToken)
    stream.finishWriting()
    close(local)
  }
}
