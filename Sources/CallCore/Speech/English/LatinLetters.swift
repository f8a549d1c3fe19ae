/// Latin letters with marks, without them: small and capital ones.
enum LatinLetters {
  private static let variants: [(plain: String, letters: String)] = [
    ("a", "àáâãäåāăąÀÁÂÃÄÅĀĂĄ"), ("c", "çćĉċčÇĆĈĊČ"), ("d", "ďđðĎĐÐ"), ("e", "èéêëēĕėęěÈÉÊËĒĔĖĘĚ"),
    ("g", "ĝğġģĜĞĠĢ"), ("h", "ĥĤ"), ("i", "ìíîïĩīĭįÌÍÎÏĨĪĬĮİ"), ("j", "ĵĴ"), ("k", "ķĶ"), ("l", "ĺļľłĹĻĽŁ"),
    ("n", "ñńņňÑŃŅŇ"), ("o", "òóôõöōŏőøÒÓÔÕÖŌŎŐØ"), ("r", "ŕŗřŔŖŘ"), ("s", "śŝşšŚŜŞŠ"), ("t", "ţťŢŤ"),
    ("u", "ùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲ"), ("w", "ŵŴ"), ("y", "ýÿŷÝŸŶ"), ("z", "źżžŹŻŽ"), ("ae", "æÆ"), ("oe", "œŒ"),
    ("ss", "ßẞ"), ("th", "þÞ"),
  ]

  /// The letters of ASCII for a letter that is none.
  static let plain: [Unicode.Scalar: String] = {
    var plain: [Unicode.Scalar: String] = [:]
    for variant in variants { for scalar in variant.letters.unicodeScalars { plain[scalar] = variant.plain } }
    return plain
  }()
}
