/// A pattern of file names, as in a shell: `*` stands for any characters, `?` for one.
struct Glob {
  private let pattern: [Character]

  /// - Parameter pattern: of one name, without a slash.
  init(_ pattern: String) { self.pattern = Array(pattern) }

  /// Whether all of `name` fits.
  func matches(_ name: String) -> Bool {
    // After each character of the pattern: which beginnings of the name fit so far.
    let name = Array(name)
    var fits = [Bool](repeating: false, count: name.count + 1)
    fits[0] = true
    for sign in pattern {
      var next = [Bool](repeating: false, count: name.count + 1)
      for length in fits.indices {
        if sign == "*" {
          next[length] = fits[length] || (length > 0 && next[length - 1])
        } else if length > 0, fits[length - 1], sign == "?" || sign == name[length - 1] {
          next[length] = true
        }
      }
      fits = next
    }
    return fits[name.count]
  }
}
