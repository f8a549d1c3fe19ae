/// Cuts audio that comes in pieces of any length into packets of 20 ms. Holds less than one packet.
struct FrameAssembler: ~Copyable {
  private let buffer: UnsafeMutableRawBufferPointer
  private var fill = 0

  /// - Parameter packetBytes: of 20 ms.
  init(packetBytes: Int) { buffer = .allocate(byteCount: packetBytes, alignment: 8) }

  deinit { buffer.deallocate() }

  /// Bytes of a packet.
  var packetBytes: Int { buffer.count }

  /// Takes in a piece and lends out each packet that is full.
  mutating func append(_ piece: UnsafeRawBufferPointer, _ packet: (UnsafeRawBufferPointer) -> Void) {
    var rest = piece
    while !rest.isEmpty {
      if fill == 0, rest.count >= buffer.count {
        packet(UnsafeRawBufferPointer(rebasing: rest[..<buffer.count]))
        rest = UnsafeRawBufferPointer(rebasing: rest[buffer.count...])
        continue
      }
      let count = min(rest.count, buffer.count - fill)
      UnsafeMutableRawBufferPointer(rebasing: buffer[fill...]).copyBytes(from: rest[..<count])
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      fill += count
      guard fill == buffer.count else { return }
      packet(UnsafeRawBufferPointer(buffer))
      fill = 0
    }
  }
}
