/// Joins the pieces of a message. A message that arrives in one piece is passed through without a copy.
struct MessageAssembler: ~Copyable {
  enum Outcome {
    case incomplete
    case complete(UnsafeRawBufferPointer)
    case tooBig
  }

  private let bytesMax: Int
  private var storage: UnsafeMutableRawBufferPointer?
  private var count = 0

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  deinit { storage?.deallocate() }

  /// - Parameters:
  ///   - isFirst: the piece begins a message.
  ///   - isLast: the piece ends it.
  ///   - remaining: bytes of the current frame still to come, as declared by the peer, at most 2⁶³.
  /// - Returns: a complete message is valid until the next call.
  mutating func add(_ piece: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool, remaining: Int) -> Outcome {
    if isFirst { count = 0 }
    let (announced, overflow) = (count + piece.count).addingReportingOverflow(remaining)
    if overflow || announced > bytesMax { return .tooBig }
    if isFirst && isLast { return .complete(piece) }
    append(piece)
    return isLast
      ? .complete(
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(storage ?? .init(start: nil, count: 0))[..<count]))
      : .incomplete
  }

  /// Gives memory back that a long message took; small buffers stay for the next frame split by the network.
  mutating func trim() {
    guard let storage, storage.count > 4_096 else { return }
    storage.deallocate()
    self.storage = nil
    count = 0
  }

  private mutating func append(_ piece: UnsafeRawBufferPointer) {
    let needed = count + piece.count
    if needed > storage?.count ?? 0 { grow(to: needed) }
    guard let storage, !piece.isEmpty else { return }
    UnsafeMutableRawBufferPointer(rebasing: storage[count...]).copyMemory(from: piece)
    count = needed
  }

  private mutating func grow(to needed: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(bytesMax, max(2_048, needed * 2)), alignment: 16)
    if let storage {
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
      storage.deallocate()
    }
    storage = larger
  }
}
