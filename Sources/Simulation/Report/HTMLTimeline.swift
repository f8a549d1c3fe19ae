import CallCore

/// The picture of a call: both tracks on one scale of time with all that happened in them.
///
/// From top to bottom: states of the flow, the agent's sound, yields, latencies, the caller's sound, what the agent's detector
/// took for speech, turns and keys, a ruler. Places are per cent, heights pixels.
struct HTMLTimeline {
  let result: CaseResult
  let story: ReportTimeline

  private var scale: TimelineScale { TimelineScale(duration: story.duration) }

  /// Lanes: top and height of each, in pixels.
  private enum Lane {
    static let states = (top: 0, height: 20)
    static let agent = (top: 26, height: WaveEnvelope.height)
    static let yields = (top: 88, height: 7)
    static let waits = (top: 97, height: 8)
    static let caller = (top: 108, height: WaveEnvelope.height)
    static let detector = (top: 171, height: 4)
    static let turns = (top: 181, height: 20)
    static let ruler = (top: 205, height: 18)
    static let all = 224
  }

  /// The picture, the frame in which it is moved, and its key.
  func write(to html: inout Markup) {
    html.element("figure", ["class": "timeline"]) { html in
      writeZoom(to: &html)
      html.element(
        "div",
        [
          "class": "film", "tabindex": "0", "role": "slider", "aria-label": "Moment of \(result.testCase.id)",
          "aria-valuemin": "0", "aria-valuemax": "\(story.duration.milliseconds)", "aria-valuenow": "0",
          "aria-valuetext": ReportText.moment(.zero), "data-ms": "\(story.duration.milliseconds)",
        ]
      ) { html in
        html.element(
          "svg",
          [
            "role": "img", "aria-label": summary, "width": "\(scale.pixels)", "height": "\(Lane.all)",
            "data-width": "\(scale.pixels)",
          ], writeLanes)
      }
      writeKey(to: &html)
    }
  }

  private var summary: String {
    "\(ReportText.seconds(story.duration)): \(ReportText.counted(result.metrics.turnsReached, "turn")), "
      + "the agent audible \(ReportText.counted(result.evidence.agentSpeech.count, "time")), "
      + "the caller \(ReportText.counted(result.evidence.callerSpeech.count, "time")); the figures are in the table of turns"
  }

  private func writeZoom(to html: inout Markup) {
    html.element("div", ["class": "zoom"]) { html in
      html.element("p", ["class": "now"], text: ReportText.moment(.zero))
      for (zoom, name, sign) in [("out", "Show more of the call", "−"), ("in", "Show less of the call", "+")] {
        html.element(
          "button", ["type": "button", "class": "small square", "data-zoom": zoom, "aria-label": name], text: sign)
      }
      html.element("button", ["type": "button", "class": "small", "data-zoom": "all"], text: "Whole call")
    }
  }

  private func writeKey(to html: inout Markup) {
    let asksModel = result.turns.contains { $0.stages?.model != nil }
    let model = [("first-token", "First token"), ("first-sentence", "First sentence"), ("tools", "Tools")]
    let stages =
      [("endpoint", "Endpoint"), ("recognition", "Recognition")] + (asksModel ? model : [])
      + [("flow", "Flow"), ("synthesis", "Synthesis"), ("playout", "Playout")]
    html.element("figcaption", ["class": "keys"]) { html in
      for (name, words) in [
        ("agent", "Agent"), ("caller", "Caller"), ("vad", "Speech to the agent's detector"),
      ] + stages + [("yield", "Yield")] { html.element("span", ["class": "key \(name)"], text: words) }
    }
  }

  private func writeLanes(to svg: inout Markup) {
    writeStates(to: &svg)
    let sound = result.evidence.drawnSound
    writeTrack(sound?.agent, result.evidence.agentSpeech, Lane.agent.top, "agent", up: true, to: &svg)
    writeTrack(
      sound?.microphone, result.evidence.callerSpeech, Lane.caller.top, "caller", up: false, to: &svg)
    for span in story.detected {
      writeBar("vad", span.start, span.duration, Lane.detector, to: &svg)
    }
    for turn in result.turns { writeTurn(turn, to: &svg) }
    for act in result.evidence.acts {
      for (index, key) in act.keys.enumerated() { writeKey(key, row: index % 3, to: &svg) }
    }
    writeRuler(to: &svg)
    writeFlags(to: &svg)
    svg.empty("line", ["class": "cursor", "x1": "0%", "x2": "0%", "y1": "0", "y2": "\(Lane.all)"])
  }

  private func writeStates(to svg: inout Markup) {
    for stay in story.stays {
      writeBox("state", stay.state, stay.span.start, stay.span.duration, Lane.states, to: &svg)
    }
  }

  /// Where one side is audible, and its sound where there is any.
  private func writeTrack(
    _ columns: [UInt8]?, _ speech: [SpeechSpan], _ top: Int, _ side: String, up isUp: Bool, to svg: inout Markup
  ) {
    for span in speech { writeBar("speech \(side)", span.start, span.duration, (top, WaveEnvelope.height), to: &svg) }
    let baseline = "\(isUp ? top + WaveEnvelope.height : top)"
    svg.empty("line", ["class": "base", "x1": "0%", "x2": "100%", "y1": baseline, "y2": baseline])
    guard let columns, !columns.isEmpty else { return }
    let width = scale.share(CallTracks.length(columns.count * WaveEnvelope.columnSamples))
    svg.element(
      "svg",
      [
        "x": "0", "y": "\(top)", "width": width, "height": "\(WaveEnvelope.height)",
        "viewBox": "0 0 \(columns.count) \(WaveEnvelope.height)", "preserveAspectRatio": "none",
      ]
    ) { $0.empty("path", ["class": "wave \(side)", "d": WaveEnvelope.path(of: columns, up: isUp)]) }
  }

  private func writeTurn(_ turn: TurnResult, to svg: inout Markup) {
    guard let began = turn.began else { return }
    let ended = max(turn.ended ?? began, began)
    writeBox("turn", "\(turn.number) \(turn.action)", began, ended - began, Lane.turns, to: &svg)
    if let yield = turn.yield {
      let x = scale.place(began)
      svg.empty("line", ["class": "cut", "x1": x, "x2": x, "y1": "\(Lane.agent.top)", "y2": "\(Lane.turns.top)"])
      writeBar(
        "yield", began, yield, Lane.yields,
        title: "Turn \(turn.number) interrupts: the agent yields after "
          + ReportText.milliseconds(yield), to: &svg)
    }
    if let latency = turn.latency { writeLatency(turn, from: ended, latency, to: &svg) }
  }

  /// Stages as the server gives them, scaled to what the caller waited; one bar without them.
  private func writeLatency(_ turn: TurnResult, from start: Timestamp, _ latency: CallDuration, to svg: inout Markup) {
    let title = "Turn \(turn.number): answered after \(ReportText.milliseconds(latency))"
    let total = turn.stages?.total.microseconds ?? 0
    guard let stages = turn.stages, total > 0 else {
      return writeBar("stage", start, latency, Lane.waits, title: title, to: &svg)
    }
    var begin = Int64(0)
    for stage in LatencyStage.all(of: stages) where stage.span.microseconds > 0 {
      let end = begin + stage.span.microseconds
      let (from, to) = (begin * latency.microseconds / total, end * latency.microseconds / total)
      writeBar(
        "stage \(stage.name)", start + .microseconds(from), .microseconds(to - from), Lane.waits,
        title: "\(title); \(stage.name) \(ReportText.milliseconds(stage.span))", to: &svg)
      begin = end
    }
  }

  /// Keys come 150 ms apart, 6 pixels at first, so each stands in another row than the two before it.
  private func writeKey(_ key: CallerAct.PressedKey, row: Int, to svg: inout Markup) {
    let top = Lane.caller.top + 4 + row * 18
    svg.element("svg", ["class": "key-press", "x": scale.place(key.at), "y": "\(top)", "overflow": "visible"]) {
      $0.empty("rect", ["x": "-8", "y": "0", "width": "16", "height": "16", "rx": "4"])
      $0.element("text", ["x": "0", "y": "12"], text: String(key.key.character))
    }
  }

  private func writeRuler(to svg: inout Markup) {
    let lane = Lane.ruler
    let seconds = Int(story.duration.microseconds / 1_000_000)
    for second in stride(from: 0, through: seconds, by: scale.markSeconds) {
      let at = Timestamp.zero + .seconds(second)
      let x = scale.place(at)
      svg.empty("line", ["class": "mark", "x1": x, "x2": x, "y1": "\(lane.top)", "y2": "\(lane.top + 5)"])
      svg.element("svg", ["x": x, "y": "\(lane.top)", "overflow": "visible"]) {
        $0.element(
          // A narrow screen shows every fourth.
          "text", ["class": second / scale.markSeconds % 4 == 0 ? "time" : "time between", "x": "3", "y": "15"],
          text: String(ReportText.moment(at).dropLast(4)))
      }
    }
  }

  /// One flag for each moment, with the numbers of its reasons. Each stands lower than the two before, so that neighbours do not
  /// hide one another.
  private func writeFlags(to svg: inout Markup) {
    let moments = Set(result.reasons.compactMap(\.at)).sorted()
    for (index, at) in moments.enumerated() {
      let numbers = result.reasons.indices.filter { result.reasons[$0].at == at }
      let title = numbers.map { ReportText.finding(result.reasons[$0]) }.joined(separator: "\n")
      let label = numbers.map { String($0 + 1) }.joined(separator: " ")
      writeFlag(label, title, at, top: Lane.agent.top + index % 3 * 18, to: &svg)
    }
  }

  private func writeFlag(_ label: String, _ title: String, _ at: Timestamp, top: Int, to svg: inout Markup) {
    let x = scale.place(at)
    let width = 11 + 7 * label.count
    svg.empty("line", ["class": "fault", "x1": x, "x2": x, "y1": "\(Lane.agent.top)", "y2": "\(Lane.ruler.top)"])
    // At the end of the call the flag points back into it.
    let isLast = story.duration - (at - .zero) < .milliseconds(1000 * width / TimelineScale.pixelsPerSecond)
    let left = isLast ? -width : 0
    svg.element("svg", ["class": "flag", "x": x, "y": "\(top)", "overflow": "visible"]) { svg in
      svg.element("title", text: title)
      svg.empty("path", ["d": "M\(left) 0h\(width)v15h-\(width)z"])
      svg.element("text", ["x": "\(left + width / 2)", "y": "12"], text: label)
    }
  }

  private func writeBar(
    _ name: String, _ start: Timestamp, _ length: CallDuration, _ lane: (top: Int, height: Int), title: String? = nil,
    to svg: inout Markup
  ) {
    svg.element("rect", area(name, start, length, lane)) { svg in if let title { svg.element("title", text: title) } }
  }

  private func area(
    _ name: String, _ start: Timestamp, _ length: CallDuration, _ lane: (top: Int, height: Int)
  ) -> KeyValuePairs<String, String?> {
    [
      "class": name, "x": scale.place(start), "y": "\(lane.top)", "width": scale.share(length),
      "height": "\(lane.height)",
    ]
  }

  /// A box with a text that is cut where the box ends.
  private func writeBox(
    _ name: String, _ words: String, _ start: Timestamp, _ length: CallDuration, _ lane: (top: Int, height: Int),
    to svg: inout Markup
  ) {
    svg.element("svg", area("box \(name)", start, length, lane)) { svg in
      svg.element("title", text: words)
      svg.empty("rect", ["width": "100%", "height": "100%", "rx": "4"])
      svg.element("text", ["x": "5", "y": "14"], text: words)
    }
  }
}
