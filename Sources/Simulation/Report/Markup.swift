/// Writes XML, or HTML in the same spelling, element by element. Texts and attributes are escaped here and nowhere else, so that
/// whatever a caller or an agent said stays text.
package struct Markup {
  package private(set) var text: String

  /// - Parameter head: stands before everything, such as the declaration; written as it is.
  package init(_ head: String = "") { text = head }

  /// An element with what `body` writes inside.
  /// - Parameter attributes: in this order; those that are `nil` are left out.
  package mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ body: (inout Markup) -> Void
  ) {
    open(name, attributes)
    text += ">"
    body(&self)
    text += "</\(name)>"
  }

  /// An element around a text.
  package mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text words: String)
  {
    element(name, attributes) { $0.add(words) }
  }

  /// An element without content.
  package mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:]) {
    open(name, attributes)
    text += "/>"
  }

  /// Names and what stands for each; those without a text are left out.
  package mutating func facts(_ kind: String, _ rows: [(name: String, text: String?)]) {
    element("dl", ["class": kind]) { html in
      for case (let name, let text?) in rows {
        html.element("div") { html in
          html.element("dt", text: name)
          html.element("dd", text: text)
        }
      }
    }
  }

  /// A table that scrolls by itself where the page is narrower.
  /// - Parameter write: the cells of a row.
  package mutating func table<Row>(
    _ label: String, _ head: [String], _ rows: [Row], _ write: (Row, inout Markup) -> Void
  ) {
    element("div", ["class": "wide", "tabindex": "0", "role": "group", "aria-label": label]) { html in
      html.element("table") { html in
        html.element("thead") { html in
          html.element("tr") { html in for name in head { html.element("th", ["scope": "col"], text: name) } }
        }
        html.element("tbody") { html in
          for row in rows { html.element("tr") { html in write(row, &html) } }
        }
      }
    }
  }

  /// A text.
  package mutating func add(_ words: String) { Self.escape(words, into: &text) }

  /// Markup of our own, never anything that came from a call.
  package mutating func verbatim(_ markup: String) { text += markup }

  private mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String?>) {
    text += "<\(name)"
    for (name, value) in attributes {
      guard let value else { continue }
      text += " \(name)=\""
      Self.escape(value, isAttribute: true, into: &text)
      text += "\""
    }
  }

  /// Attributes keep line ends and tabs only as references (XML 1.0, 3.3.3).
  private static func escape(_ words: String, isAttribute: Bool = false, into text: inout String) {
    for scalar in words.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\r": text += "&#13;"
      case "\n", "\t":
        if isAttribute { text += "&#\(scalar.value);" } else { text.unicodeScalars.append(scalar) }
      default: text.unicodeScalars.append(ReportText.picture(of: scalar))
      }
    }
  }
}
