/// What is wrong with a `multipart/form-data` body. One sentence.
public struct MultipartFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was expected and what came.
  public var description: String

  init(_ description: String) { self.description = description }
}
