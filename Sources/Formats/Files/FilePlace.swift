/// A place in a file, from line 1 and column 1.
struct FilePlace: Hashable {
  var line: Int
  var column: Int

  /// Where a fault of the whole file is reported.
  static let start = FilePlace(line: 1, column: 1)
}
