/// A piece of a YAML file and where it stands.
struct FileNode {
  /// What the piece is.
  enum Content {
    /// Text as it stands, whatever YAML might take it for.
    case text(String)
    /// Nothing at all, as after `end:`.
    case nothing
    case list([FileNode])
    case mapping([FileField])
  }

  var content: Content
  var place: FilePlace

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
