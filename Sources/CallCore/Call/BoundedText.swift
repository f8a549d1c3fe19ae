extension StringProtocol {
  /// Length in Unicode scalars, in which every limit of a text is stated: one `Character` may have any number of them.
  package var scalarCount: Int { unicodeScalars.count }

  /// At most the first `count` Unicode scalars, and of more than eight marks on one letter the first eight: no script piles up more, and
  /// each look at a `Character` takes time that grows with its marks.
  package func bounded(to count: Int) -> String {
    var kept = String.UnicodeScalarView()
    var marks = 0
    for scalar in unicodeScalars.prefix(count) {
      marks = scalar.value >= 0x300 && scalar.properties.isGraphemeExtend ? marks + 1 : 0
      if marks <= 8 { kept.append(scalar) }
    }
    return String(kept)
  }
}
