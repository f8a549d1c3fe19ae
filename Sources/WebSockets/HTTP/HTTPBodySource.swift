/// Makes the body of an answer while it is sent, piece by piece, as fast as the client reads.
public protocol HTTPBodySource: AnyObject, Sendable {
  /// The client has taken what there was. Called on the loop's thread, which waits: hand slow work to another thread and keep
  /// `piece`. Never called again before that piece was sent.
  func pieceWanted(_ piece: HTTPPiece)

  /// The client has gone, or the loop stops; nothing is wanted any more. Called once, on the loop's thread, unless the last piece was
  /// sent.
  func clientGone()
}
