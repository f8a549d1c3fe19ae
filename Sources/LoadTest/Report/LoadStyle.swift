/// What the page of a load test adds to the look of the simulation's report.
package enum LoadStyle {
  /// SHA-256 of `text` for the page's policy. A test says what it has to be when the style was changed.
  package static let digest = "sha256-I6BAMjTx6zW1sv/AhKNxSzeQtEu18zcTacD/O+78PeU="

  /// The style sheet.
  package static let text = #"""

    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(460px, 100%), 1fr)); gap: 16px; }
    .chart { padding: 16px 18px 10px; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; min-width: 0; }
    .chart svg { display: block; width: 100%; height: auto; }
    .chart figcaption { display: flex; flex-wrap: wrap; gap: 4px 18px; justify-content: space-between; padding-bottom: 8px; }
    .chart .keys { padding: 0; }
    .grid { stroke: var(--line); }
    text.tick { fill: var(--soft); font-size: 11px; }
    .series { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; stroke: var(--tone); }
    .one { --tone: var(--agent); }
    .two { --tone: var(--flow); }
    .three { --tone: var(--playout); }
    .four { --tone: var(--caller); }
    .five { --tone: var(--bad); }
    .threshold { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 5 4; }
    .key.limit { --tone: var(--bad); }
    .kept { color: var(--good); font-weight: 650; }
    .broken { color: var(--bad); font-weight: 650; }
    .notice { padding: 12px 16px; border-radius: 10px; background: var(--warn-wash); color: var(--warn); font-weight: 600; }
    .wrap { white-space: normal; overflow-wrap: anywhere; }

    """#
}
