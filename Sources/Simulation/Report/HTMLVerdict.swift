/// A verdict as a badge: mark, word and colour.
enum HTMLVerdict {
  static func write(_ verdict: Verdict, to html: inout Markup) {
    html.element("span", ["class": "badge \(verdict.rawValue)"]) { html in
      html.element("span", ["aria-hidden": "true"], text: RunTable.mark(verdict))
      html.add(" \(name(verdict))")
    }
  }

  /// As the page says it.
  static func name(_ verdict: Verdict) -> String {
    switch verdict {
    case .passed: "Passed"
    case .failed: "Failed"
    case .invalid: "Invalid"
    }
  }
}
