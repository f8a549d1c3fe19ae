/// A key of a mapping with its value.
struct FileField {
  var key: String
  /// Where the key stands.
  var at: FilePlace
  var value: FileNode
}
