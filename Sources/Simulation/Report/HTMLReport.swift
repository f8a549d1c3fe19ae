import CallCore
import Page

/// A run as one page that needs nothing else: style, script and sound are in it, and its own policy forbids it to ask for more.
public enum HTMLReport {
  /// - Parameters:
  ///   - run: what to show.
  ///   - soundFolder: where the WAV files lie, as seen from the page, such as `calls`: the page links there for calls whose sound
  ///     it does not hold, by `CaseResult.fileName`. `nil` when there are none.
  ///   - sound: the WAV file of a call that `SoundChoice` puts into the page.
  public static func text(
    of run: SimulationRun, soundFolder: String? = nil,
    sound: (CaseResult) -> [UInt8]? = { $0.evidence.tracks.map(CallSound.wav) }
  ) -> String {
    page(of: run.summary) { writeCases(run, soundFolder: soundFolder, sound: sound, to: &$0) }
  }

  /// - Parameter cases: writes each call as ``HTMLCase`` does.
  static func page(of run: RunSummary, cases: (inout Markup) -> Void) -> String {
    ReportAssets.page(title: HTMLSummary.headline(of: run), policy: policy, style: ReportAssets.style) { html in
      html.element("a", ["class": "skip-link", "href": "#main"], text: "Skip to the report")
      ReportAssets.writeTop(tagline: "Simulated calls", to: &html)
      html.element("main", ["id": "main"]) { html in
        HTMLSummary(run).write(to: &html)
        if !run.calls.isEmpty { writeFilter(run, to: &html) }
        html.element("section", ["class": "cases", "aria-label": "Calls"]) { html in
          cases(&html)
          html.element("p", ["class": "empty", "id": "none", "hidden": ""], text: "No call fits the filter.")
        }
      }
      html.element("p", ["class": "visually-hidden", "id": "said", "role": "status"]) { _ in }
      html.element("script") { $0.verbatim(ReportAssets.script.text) }
    }
  }

  /// The page's `Content-Security-Policy`. Nothing is fetched, and no other script or style runs, should a text ever get past the
  /// escaping.
  public static let policy =
    "default-src 'none'; style-src '\(ReportAssets.style.digest)'; script-src '\(ReportAssets.script.digest)'; "
    + "media-src data:; base-uri 'none'; form-action 'none'"

  private static func writeFilter(_ run: RunSummary, to html: inout Markup) {
    html.element("section", ["class": "filter", "aria-label": "Filter"]) { html in
      html.element("div", ["class": "verdicts", "role": "group", "aria-label": "Verdict"]) { html in
        writeChoice("all", "All", run.calls.count, isPressed: true, to: &html)
        for verdict in Verdict.allCases {
          writeChoice(verdict.rawValue, HTMLVerdict.name(verdict), run.count(verdict), isPressed: false, to: &html)
        }
      }
      html.element("label", ["class": "search"]) { html in
        html.element("span", ["class": "visually-hidden"], text: "Search names, reasons and what was said")
        html.empty("input", ["type": "search", "id": "search", "placeholder": "Search names, reasons, what was said"])
      }
      html.element(
        "p", ["class": "hint", "id": "shown", "role": "status"], text: ReportText.counted(run.calls.count, "call"))
    }
  }

  private static func writeChoice(
    _ verdict: String, _ name: String, _ count: Int, isPressed: Bool, to html: inout Markup
  ) {
    html.element(
      "button",
      ["type": "button", "class": "choice \(verdict)", "data-show": verdict, "aria-pressed": "\(isPressed)"]
    ) { html in
      html.add("\(name) ")
      html.element("b", text: "\(count)")
    }
  }

  /// The first call that did not pass is open; with a single call, that one.
  private static func writeCases(
    _ run: SimulationRun, soundFolder: String?, sound: (CaseResult) -> [UInt8]?, to html: inout Markup
  ) {
    let choice = SoundChoice(run)
    let first = run.results.count == 1 ? 0 : run.results.firstIndex { $0.verdict != .passed }
    for (place, result) in run.results.enumerated() {
      HTMLCase(
        result: result, name: result.name(in: run), number: place + 1,
        soundPlace: choice.holds(place) ? .inPage : .leftOut, sound: choice.holds(place) ? sound(result) : nil,
        soundFolder: soundFolder
      )
      .write(isOpen: place == first, to: &html)
    }
  }
}

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
