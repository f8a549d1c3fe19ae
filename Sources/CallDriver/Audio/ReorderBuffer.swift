import CallCore

/// Keeps packets of a caller that overtook others until those come, or are given up.
///
/// Nothing is kept, and nothing delayed, as long as packets come in order. All memory is allocated at the start.
struct ReorderBuffer: ~Copyable {
  /// Packets that are kept at most. One is kept when at most so many are missing before it.
  static let depth = 3
  /// Missing packets are waited for so long, from the first that is kept: as long as `depth` packets last.
  static let waitMax = CallDuration.milliseconds(20) * depth
  /// A larger packet is not kept: 960 samples of 16 bits, which is 20 ms at 48 kHz.
  static let packetBytesMax = 1920

  /// What became of a packet.
  enum Outcome: Sendable, Equatable {
    case kept
    /// A packet of this number is kept already.
    case duplicate
    /// It is too large, or as many as possible are kept.
    case noRoom
  }

  private struct Slot {
    var number: UInt32 = 0
    var stamp: UInt64?
    var count = 0
    var isFull = false
  }

  private let slots = UnsafeMutableBufferPointer<Slot>.allocate(capacity: Self.depth)
  private let bytes = UnsafeMutableRawPointer.allocate(byteCount: Self.depth * Self.packetBytesMax, alignment: 8)
  private var waitsSince: Timestamp?

  /// Empty.
  init() { slots.initialize(repeating: Slot()) }

  deinit {
    slots.deallocate()
    bytes.deallocate()
  }

  /// Whether nothing is kept.
  var isEmpty: Bool { waitsSince == nil }

  /// Whether what is missing was waited for long enough.
  func isOverdue(at now: Timestamp) -> Bool {
    guard let waitsSince else { return false }
    return now - waitsSince >= Self.waitMax
  }

  /// Keeps a copy of a packet that overtook others.
  mutating func keep(
    _ packet: UnsafeRawBufferPointer, number: UInt32, stamp: UInt64?, at now: Timestamp
  ) -> Outcome {
    guard !slots.contains(where: { $0.isFull && $0.number == number }) else { return .duplicate }
    guard packet.count <= Self.packetBytesMax, let free = slots.firstIndex(where: { !$0.isFull }) else {
      return .noRoom
    }
    slots[free] = Slot(number: number, stamp: stamp, count: packet.count, isFull: true)
    if let start = packet.baseAddress {
      (bytes + free * Self.packetBytesMax).copyMemory(from: start, byteCount: packet.count)
    }
    if waitsSince == nil { waitsSince = now }
    return .kept
  }

  /// Takes out the kept packet that comes first, counted from the one that is due, and lends it to `body`.
  /// - Parameter gapMax: packets that may be missing before it.
  /// - Returns: `false` when there is none.
  mutating func takeFirst(
    due: UInt32, gapMax: Int,
    _ body: (UnsafeRawBufferPointer, _ number: UInt32, _ stamp: UInt64?) throws(EngineError) -> Void
  ) throws(EngineError) -> Bool {
    guard !isEmpty else { return false }
    var first: (index: Int, gap: Int)?
    for index in slots.indices where slots[index].isFull {
      let gap = Int(Int32(bitPattern: slots[index].number &- due))
      if gap <= gapMax, gap < first?.gap ?? .max { first = (index, gap) }
    }
    guard let index = first?.index else { return false }
    slots[index].isFull = false
    if !slots.contains(where: \.isFull) { waitsSince = nil }
    let slot = slots[index]
    try body(
      UnsafeRawBufferPointer(start: bytes + index * Self.packetBytesMax, count: slot.count), slot.number, slot.stamp)
    return true
  }
}
