extension StringProtocol {
  /// Length in Unicode scalars, in which every limit of a text is stated: one `Character` may have any number of them.
  package var scalarCount: Int { unicodeScalars.count }

  /// At most the first `count` Unicode scalars.
  package func bounded(to count: Int) -> String {
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: unicodeScalars.prefix(count))
    return String(kept)
  }
}
