package import Page

/// What reports carry of `web/`: they fetch nothing.
package enum ReportAssets {
  /// The look of the report, with the tokens that the page has, too.
  package static let style = InlineAsset("web/report/base.css", "web/report/report.css")

  /// What the report does; all that is to be read is there without it.
  package static let script = InlineAsset("web/report/report.js")

  /// The VoiceForge mark without what only a file of its own needs.
  static let mark: String = {
    let icon = InlineAsset("web/favicon.svg").text
    let drawing = icon[(icon.firstRange(of: "<svg")?.lowerBound ?? icon.startIndex)...]
    return String(drawing).replacing(" xmlns=\"http://www.w3.org/2000/svg\"", with: "").replacing(/\n */, with: "")
  }()

  /// The top of every report.
  package static func writeTop(tagline: String, to html: inout Markup) {
    html.element("header", ["class": "top"]) { html in
      html.element("span", ["class": "logo", "aria-hidden": "true"]) { $0.verbatim(mark) }
      html.element("h1", text: "VoiceForge")
      html.element("p", ["class": "tagline"], text: tagline)
    }
  }

  /// A report as a page.
  /// - Parameters:
  ///   - policy: its `Content-Security-Policy`.
  ///   - body: writes what is in its body.
  package static func page(
    title: String, policy: String, style: InlineAsset, _ body: (inout Markup) -> Void
  ) -> String {
    var html = Markup("<!doctype html>\n")
    html.element("html", ["lang": "en"]) { html in
      html.element("head") { html in
        html.empty("meta", ["charset": "utf-8"])
        html.empty("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
        html.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        html.empty("meta", ["name": "color-scheme", "content": "light dark"])
        html.element("title", text: "\(title) · VoiceForge")
        html.element("style") { $0.verbatim(style.text) }
      }
      html.element("body") { body(&$0) }
    }
    return html.text + "\n"
  }
}
