import CallCore

/// What a language model made of the statements about a call, answer by answer.
struct HTMLJudged {
  let result: CaseResult
  /// Of the case in the page.
  let anchor: String

  /// The answer to a statement; `nil`: nobody was asked.
  private struct Row {
    var criterion: JudgedCriterion
    var vote: JudgedCriterion.Vote?
    var isFirst: Bool
  }

  /// A table with a row for each answer.
  func write(to html: inout Markup) {
    let head = ["The agent …", "Judged", "Answer", "Quote", "Why", "Model"]
    html.table("Table of what was judged", head, rows) { row, html in
      let criterion = row.criterion
      if row.isFirst {
        html.element("th", ["scope": "row", "class": "text"], text: statement(of: criterion))
      } else {
        html.element("td", text: "")  // a header without words means nothing to who hears it
      }
      html.element("td", ["class": "text"], text: row.isFirst ? outcome(of: criterion) : "")
      html.element("td", text: row.vote?.answer?.rawValue ?? "–")
      html.element("td", ["class": "text"]) { write(row.vote, to: &$0) }
      html.element(
        "td", ["class": "text"], text: row.vote.map { $0.fault.map { "does not count: \($0)" } ?? $0.why } ?? "–")
      html.element(
        "td", ["class": "text"], text: row.vote.map { "\($0.model), prompt \(ModelJudge.promptVersion)" } ?? "–")
    }
  }

  private var rows: [Row] {
    result.judged.flatMap { criterion -> [Row] in
      criterion.votes.isEmpty
        ? [Row(criterion: criterion, vote: nil, isFirst: true)]
        : criterion.votes.enumerated().map { Row(criterion: criterion, vote: $1, isFirst: $0 == 0) }
    }
  }

  private func statement(of criterion: JudgedCriterion) -> String {
    (criterion.isAbsent ? "never: " : "") + criterion.text
  }

  private func outcome(of criterion: JudgedCriterion) -> String {
    criterion.reason.isEmpty ? criterion.outcome.rawValue : "\(criterion.outcome.rawValue): \(criterion.reason)"
  }

  private func write(_ vote: JudgedCriterion.Vote?, to html: inout Markup) {
    guard let vote, !vote.quote.isEmpty else { return html.add("–") }
    html.add("“\(vote.quote)”")
    guard let at = vote.at else { return }
    html.add(" ")
    HTMLMoment.write(at, anchor: anchor, to: &html)
  }
}
