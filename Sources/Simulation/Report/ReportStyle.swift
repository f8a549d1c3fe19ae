/// The look of the report page: the tokens of `web/css/shared.css`, so that both pages are of one family.
package enum ReportStyle {
  /// SHA-256 of `text` for the page's policy. A test says what it has to be when the style was changed.
  package static let digest = "sha256-ylu4JhEvMmyF1+oyEOvNvZ9EyNgBBB8fdJzfjs0UjYA="

  /// The VoiceForge mark, `web/favicon.svg`.
  package static let mark = #"""
    <svg class="logo" viewBox="0 0 32 32" width="30" height="30" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#3d4bb8"/><g fill="none" stroke-width="2.6" stroke-linecap="round"><path stroke="#fff" d="M8 16v-3M13.3 16V8M18.6 16v-6M24 16v-2"/><path stroke="#7fe3cd" d="M8 16v2M13.3 16v5M18.6 16v8M24 16v3"/></g></svg>
    """#

  /// The whole style sheet.
  package static let text = #"""

    :root {
      color-scheme: light dark;
      --ground: #f4f5f8; --surface: #ffffff; --sunken: #f4f5f8;
      --ink: #171a21; --soft: #565d6b; --line: #dde0e7; --edge: #a2a9b8;
      --agent: #4452c4; --agent-wash: #eceefb;
      --caller: #0b7a6c; --caller-wash: #e3f4f0;
      --good: #11734f; --good-wash: #e2f4ec;
      --bad: #b3261e; --bad-wash: #fdeeec;
      --warn: #8a5a00; --warn-wash: #fbf1da;
      --focus: #2f6fed;
      --endpoint: #8b93a5; --recognition: #0f9384; --flow: #c98a12; --synthesis: #5663d6; --playout: #c2528b;
      --shadow: 0 1px 2px rgb(23 26 33 / 5%), 0 8px 24px rgb(23 26 33 / 5%);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #0e1015; --surface: #171a21; --sunken: #10131a;
        --ink: #e8eaf0; --soft: #a0a7b7; --line: #2a2f3a; --edge: #596173;
        --agent: #a3aeff; --agent-wash: #23284a;
        --caller: #5fd3bf; --caller-wash: #14332f;
        --good: #5ccf9f; --good-wash: #12332a;
        --bad: #ff938a; --bad-wash: #3a1b1a;
        --warn: #f0c05a; --warn-wash: #362a10;
        --focus: #7fabff;
        --endpoint: #7a8296; --recognition: #37b9a8; --flow: #dfaa45; --synthesis: #8b96ff; --playout: #e37fb0;
        --shadow: none;
      }
    }
    *, *::before, *::after { box-sizing: border-box; }
    [hidden] { display: none !important; }
    body { margin: 0; background: var(--ground); color: var(--ink); font-variant-numeric: tabular-nums; }
    h1, h2, h3, p, ol, ul, dl, dd, figure { margin: 0; padding: 0; }
    ol, ul { list-style: none; }
    h2 { font-size: 1.3rem; font-weight: 680; letter-spacing: -0.02em; }
    h3 { font-size: 0.87rem; font-weight: 600; color: var(--soft); }
    a { color: var(--agent); text-underline-offset: 3px; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .hint, .empty { color: var(--soft); font-size: 0.87rem; }
    .skip { position: absolute; left: 12px; top: -60px; padding: 8px 14px; background: var(--surface); border-radius: 8px; z-index: 3; }
    .skip:focus { top: 10px; }

    .top, main { max-width: 1320px; margin-inline: auto; padding-inline: 28px; }
    .top { display: flex; align-items: center; gap: 12px; padding-block: 18px 16px; }
    .top h1 { font-size: 1.2rem; font-weight: 680; letter-spacing: -0.02em; }
    .tagline { color: var(--soft); font-size: 0.93rem; }
    main { display: grid; gap: 16px; padding-bottom: 60px; }
    .card { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow); min-width: 0; }
    button, input { font: inherit; color: inherit; }
    button { cursor: pointer; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); min-height: 44px; padding: 8px 16px; font-weight: 600; }
    button:hover { background: var(--sunken); }
    .small { min-height: 34px; padding: 4px 12px; font-size: 0.87rem; }
    .square { width: 38px; padding: 4px; }

    /* Summary */
    .summary { display: grid; gap: 16px; padding: 22px 24px; }
    .shares { display: block; border-radius: 5px; }
    .shares .passed { fill: var(--good); }
    .shares .failed { fill: var(--bad); }
    .shares .invalid { fill: var(--flow); }
    .shares .not-run { fill: var(--edge); }
    .panels { display: grid; grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr); gap: 18px 40px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 16px 20px; align-content: start; }
    .figures dt { color: var(--soft); font-size: 0.87rem; }
    .figures dd { font-size: 1.25rem; font-weight: 650; letter-spacing: -0.01em; }
    .facts { display: grid; gap: 4px; font-size: 0.9rem; align-content: start; }
    .facts div { display: grid; grid-template-columns: 130px minmax(0, 1fr); gap: 12px; }
    .facts dt { color: var(--soft); }
    .facts dd { overflow-wrap: anywhere; }
    .strip svg { display: block; }
    .strip .ground { fill: var(--sunken); }
    .strip .stroke { stroke: var(--agent); stroke-width: 3; stroke-opacity: 0.55; stroke-linecap: round; }
    .strip .limit { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 4 3; }
    .not-run { padding: 14px 24px; }
    .not-run summary { cursor: pointer; font-weight: 600; }
    .not-run ul { padding-top: 8px; display: flex; flex-wrap: wrap; gap: 4px 18px; overflow-wrap: anywhere; }

    /* Filter */
    .filter { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: center; position: sticky; top: 0; z-index: 2; padding-block: 10px; background: var(--ground); }
    .verdicts { display: flex; flex-wrap: wrap; gap: 8px; }
    .choice { border-radius: 22px; }
    .choice b { font-weight: 650; }
    .choice.passed b { color: var(--good); }
    .choice.failed b { color: var(--bad); }
    .choice.invalid b { color: var(--warn); }
    .choice[aria-pressed="true"], .choice[aria-pressed="true"] b { background: var(--ink); color: var(--surface); }
    .choice[aria-pressed="true"] { border-color: var(--ink); }
    .search { flex: 1 1 260px; }
    input { min-height: 44px; width: 100%; padding: 8px 14px; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); font-size: 1rem; }
    ::placeholder { color: var(--soft); opacity: 1; }

    /* Calls */
    .cases { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
    .case { scroll-margin-top: 76px; }
    .case > summary { display: grid; grid-template-columns: 96px minmax(0, 1fr) 92px 98px 66px 14px; gap: 6px 18px; align-items: center; padding: 14px 22px; cursor: pointer; list-style: none; border-radius: 14px; }
    .case > summary::-webkit-details-marker { display: none; }
    .case > summary::after { content: ""; width: 8px; height: 8px; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg); }
    .case[open] > summary::after { transform: rotate(225deg); }
    .badge { display: inline-flex; gap: 6px; padding: 3px 11px; border-radius: 999px; font-size: 0.87rem; font-weight: 650; justify-self: start; white-space: nowrap; }
    .badge.passed { color: var(--good); background: var(--good-wash); }
    .badge.failed { color: var(--bad); background: var(--bad-wash); }
    .badge.invalid { color: var(--warn); background: var(--warn-wash); }
    .name { display: grid; min-width: 0; overflow-wrap: anywhere; }
    .name b { font-weight: 620; }
    .name span { color: var(--soft); font-size: 0.9rem; }
    .case[open] .why { display: none; }
    .case:not([open]) .name > * { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
    .figure { font-size: 0.9rem; color: var(--soft); text-align: right; white-space: nowrap; }
    .case-body { display: grid; gap: 18px; grid-template-columns: minmax(0, 1fr); padding: 4px 22px 24px; }
    .tags { display: flex; flex-wrap: wrap; gap: 6px; }
    .tags li { padding: 1px 10px; border: 1px solid var(--line); border-radius: 999px; font-size: 0.83rem; color: var(--soft); overflow-wrap: anywhere; }
    .reasons { display: grid; gap: 8px; counter-reset: reason; }
    .reasons li { position: relative; padding: 10px 14px 10px 46px; border-radius: 10px; background: var(--bad-wash); overflow-wrap: anywhere; unicode-bidi: isolate; }
    .reasons li::before { counter-increment: reason; content: counter(reason); position: absolute; left: 14px; top: 12px; width: 20px; border-radius: 4px; background: var(--bad); color: var(--bad-wash); text-align: center; font-size: 0.8rem; font-weight: 700; line-height: 20px; }
    [data-verdict="invalid"] .reasons li { background: var(--warn-wash); }
    [data-verdict="invalid"] .reasons li::before { background: var(--warn); color: var(--warn-wash); }
    .moment { white-space: nowrap; }
    .label { color: var(--soft); font-size: 0.83rem; font-weight: 600; }
    .replay { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
    .replay code { flex: 0 1 auto; padding: 6px 12px; border-radius: 8px; background: var(--sunken); font: 0.87rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; min-width: 0; }

    /* Timeline */
    .zoom { display: flex; gap: 8px; align-items: center; justify-content: flex-end; padding-bottom: 8px; }
    .now { margin-right: auto; font-size: 1.05rem; font-weight: 600; }
    .film { overflow-x: auto; background: var(--sunken); border-radius: 12px; padding: 8px 0 4px; cursor: crosshair; }
    .film > svg { display: block; min-width: 100%; }
    svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; fill: var(--ink); }
    .box rect { fill: var(--surface); stroke: var(--edge); }
    .box.state rect { fill: var(--agent-wash); stroke: var(--agent); }
    .box.turn rect { fill: var(--caller-wash); stroke: var(--caller); }
    .speech.agent { fill: var(--agent-wash); }
    .speech.caller { fill: var(--caller-wash); }
    .base { stroke: var(--line); }
    .wave.agent { fill: var(--agent); }
    .wave.caller { fill: var(--caller); }
    .vad { fill: var(--caller); }
    .stage { fill: var(--edge); }
    .stage.endpoint { fill: var(--endpoint); }
    .stage.recognition { fill: var(--recognition); }
    .stage.flow { fill: var(--flow); }
    .stage.synthesis { fill: var(--synthesis); }
    .stage.playout { fill: var(--playout); }
    rect.yield { fill: var(--warn); }
    .cut { stroke: var(--warn); stroke-width: 1.5; stroke-dasharray: 4 3; }
    .key-press rect { fill: var(--surface); stroke: var(--caller); stroke-width: 1.5; }
    .key-press text { font-size: 11px; font-weight: 650; text-anchor: middle; }
    .mark { stroke: var(--edge); }
    text.time { fill: var(--soft); font-size: 11px; }
    .fault { stroke: var(--bad); stroke-width: 1.5; }
    .flag path { fill: var(--bad); }
    .flag text { fill: var(--bad-wash); font-weight: 700; text-anchor: middle; font-size: 11px; }
    .cursor { stroke: var(--ink); stroke-width: 2; pointer-events: none; }
    .keys { display: flex; flex-wrap: wrap; gap: 4px 16px; padding-top: 8px; font-size: 0.83rem; color: var(--soft); }
    .key { display: flex; align-items: center; gap: 6px; }
    .key::before { content: ""; width: 10px; height: 10px; border-radius: 3px; background: var(--tone, var(--edge)); flex: none; }
    .key.agent { --tone: var(--agent); }
    .key.caller { --tone: var(--caller); }
    .key.vad::before { height: 4px; background: var(--caller); }
    .key.endpoint { --tone: var(--endpoint); }
    .key.recognition { --tone: var(--recognition); }
    .key.flow { --tone: var(--flow); }
    .key.synthesis { --tone: var(--synthesis); }
    .key.playout { --tone: var(--playout); }
    .key.yield { --tone: var(--warn); }
    audio { width: 100%; height: 44px; }

    /* Conversation and tables */
    .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 24px 32px; }
    .columns > section { display: grid; gap: 10px; align-content: start; grid-template-columns: minmax(0, 1fr); }
    .columns h3:not(:first-child) { margin-top: 10px; }
    .talk { display: flex; flex-direction: column; gap: 8px; }
    .talk > li { max-width: 88%; unicode-bidi: isolate; }
    .entry { padding: 8px 14px 10px; border-radius: 14px; align-self: flex-start; background: var(--agent-wash); border-bottom-left-radius: 4px; }
    .entry.caller { align-self: flex-end; background: var(--caller-wash); border-radius: 14px 14px 4px 14px; }
    .entry[data-now="true"] { box-shadow: inset 0 0 0 2px var(--agent); }
    .entry.caller[data-now="true"] { box-shadow: inset 0 0 0 2px var(--caller); }
    .who { font-size: 0.8rem; font-weight: 650; color: var(--agent); }
    .entry.caller .who { color: var(--caller); }
    .who a { color: var(--soft); font-weight: 450; }
    .words { overflow-wrap: anywhere; }
    .words s { color: var(--soft); }
    .slip { color: var(--soft); }
    .pause { padding: 0 7px; border: 1px dashed var(--edge); border-radius: 999px; font-size: 0.78rem; color: var(--soft); white-space: nowrap; }
    .understood { align-self: flex-end; text-align: right; font-size: 0.93rem; overflow-wrap: anywhere; padding-inline: 4px; }
    .understood .count { color: var(--soft); font-size: 0.83rem; white-space: nowrap; }
    .understood del { color: var(--bad); text-decoration-thickness: 1.5px; }
    .understood ins { color: var(--good); font-weight: 650; text-underline-offset: 3px; }
    .understood del + ins { margin-left: 5px; }
    .unreached { align-self: center; color: var(--soft); font-size: 0.9rem; text-align: center; overflow-wrap: anywhere; }
    .wide { overflow-x: auto; border-radius: 8px; }
    table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
    th, td { padding: 7px 12px 7px 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
    td.text { white-space: normal; overflow-wrap: anywhere; min-width: 90px; }
    th { font-weight: 600; color: var(--soft); }
    .stages { display: flex; gap: 4px 10px; }
    .stages .key { font-size: 0.83rem; gap: 4px; }
    .stages .key::before { width: 8px; height: 8px; border-radius: 2px; }
    .checks { display: grid; gap: 6px; font-size: 0.93rem; }
    .checks li { display: grid; grid-template-columns: 20px minmax(0, 1fr); }
    .checks p { overflow-wrap: anywhere; unicode-bidi: isolate; }
    .checks b { font-weight: 620; }
    .checks .mark { font-weight: 700; color: var(--good); }
    .checks .failed .mark { color: var(--bad); }
    .checks .invalid .mark { color: var(--warn); }

    @media (max-width: 900px) {
      .columns, .panels { grid-template-columns: minmax(0, 1fr); }
    }
    @media (max-width: 640px) {
      .top, main { padding-inline: 12px; }
      .summary, .case-body { padding-inline: 14px; }
      .filter { position: static; }
      .choice { padding-inline: 12px; }
      .case { scroll-margin-top: 8px; }
      .case > summary { grid-template-columns: auto 1fr auto 14px; padding: 14px; }
      .case > summary .name { grid-column: 1 / -1; grid-row: 2; }
      .case > summary .figure:nth-of-type(n + 4) { display: none; }
      .case > summary::after { grid-column: 4; }
      .facts div { grid-template-columns: 116px minmax(0, 1fr); }
      text.between { display: none; }
    }
    @media print {
      .filter, .zoom, audio, [data-copy] { display: none; }
    }
    """#
}
