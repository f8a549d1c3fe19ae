/// Why a text is not YAML, or not of the kind that is read here.
enum YAMLFault: Error {
  /// The library cannot read on at `place`; `problem` is its own word for it.
  case broken(problem: String, place: FilePlace)
  /// An anchor or an alias: with them a small file can grow without bound.
  case alias(FilePlace)
  /// There is nothing in the text.
  case empty
}
