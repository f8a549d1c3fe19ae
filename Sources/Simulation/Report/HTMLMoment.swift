import CallCore

/// A moment as a link: it opens the case, moves the cursor of its picture there and sets its sound to it.
enum HTMLMoment {
  /// - Parameters:
  ///   - at: when.
  ///   - anchor: of the case in the page.
  ///   - words: of the link; the moment itself where there are none.
  static func write(_ at: Timestamp, anchor: String, words: String? = nil, to html: inout Markup) {
    html.element(
      "a", ["class": "moment", "href": "#\(anchor)", "data-at": String(at.milliseconds)],
      text: words ?? ReportText.moment(at))
  }
}
