/// Audio that comes as Base64 in pieces of any length, decoded piece by piece into a buffer that is there already.
final class AudioPayload {
  /// Whole samples, and a whole number of groups of Base64.
  private static let pieceBytes = 3072
  private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 8)

  deinit { piece.deallocate() }

  /// Decodes audio; what stands behind the first piece that is no Base64 is dropped.
  /// - Parameter deliver: takes each piece, lent for the call.
  /// - Returns: false when it is no Base64.
  func decode(_ text: UnsafeRawBufferPointer, _ deliver: (UnsafeRawBufferPointer) -> Void) -> Bool {
    var rest = text
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(Base64.textBytes(of: Self.pieceBytes)))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
      let isPaddedTooSoon = !rest.isEmpty && part.last == UInt8(ascii: "=")
      guard !isPaddedTooSoon, let count = Base64.decode(part, into: piece) else { return false }
      deliver(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
    return true
  }
}
