/// A piece of a YAML file and where it stands.
struct FileNode: Sendable {
  /// What the piece is.
  enum Content: Sendable {
    /// Text as it stands, whatever YAML might take it for.
    case text(String)
    /// Nothing at all, as after `end:`.
    case nothing
    case list([FileNode])
    case mapping([FileField])
  }

  var content: Content
  var place: FilePlace
  /// Whether it is a text without quotes that ends at a comment one blank behind it.
  var endsAtComment = false

  /// What it is, for people.
  var sort: String {
    switch content {
    case .text: "a text"
    case .nothing: "nothing"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A key of a mapping with its value.
struct FileField: Sendable {
  var key: String
  /// Where the key stands.
  var at: FilePlace
  var value: FileNode
}

/// A place in a file, from line 1 and column 1.
struct FilePlace: Hashable {
  var line: Int
  var column: Int

  /// Where a fault of the whole file is reported.
  static let start = FilePlace(line: 1, column: 1)
}
