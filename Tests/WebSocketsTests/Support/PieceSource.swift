import TestSupport
import WebSockets

/// Makes a body of numbered pieces, or holds them back.
final class PieceSource: HTTPBodySource {
  /// Pieces that were asked for so far.
  let asked = Probe(0)
  let isGone = Probe(false)
  let held = Probe<[HTTPPiece]>([])
  private let count: Int
  private let bytes: Int
  private let holds: Bool

  /// - Parameters:
  ///   - count: pieces after the first.
  ///   - bytes: of each.
  ///   - holds: keeps the right to send instead of sending.
  init(count: Int, bytes: Int, holds: Bool = false) {
    self.count = count
    self.bytes = bytes
    self.holds = holds
  }

  func pieceWanted(_ piece: HTTPPiece) {
    asked.change { $0 += 1 }
    if holds { return held.change { $0.append(piece) } }
    piece.send(Self.piece(asked.current, bytes), isLast: asked.current == count)
  }

  func clientGone() { isGone.change { $0 = true } }

  /// Letters of the piece `number`.
  static func piece(_ number: Int, _ bytes: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(ascii: "a") + UInt8(number % 26), count: bytes)
  }
}
