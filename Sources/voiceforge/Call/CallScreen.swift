import CallClient
import CallCore
import Wires

/// Shows a call line by line as it goes on. On a terminal, words that are still being said stand in a last line that is
/// overwritten; elsewhere only what is final is written.
final class CallScreen {
  private let outlet: TerminalOutput
  private let lines: CallPrinter
  private let clock = ContinuousClock()
  private var answered: ContinuousClock.Instant?
  /// The last line, when it is to be overwritten.
  private var live = ""
  /// A turn's latency is measured here and told by the server, in either order; both are shown in one line.
  private var heard: CallDuration?
  private var measured: TurnLatency?

  init(_ outlet: TerminalOutput) {
    self.outlet = outlet
    lines = CallPrinter(outlet)
  }

  /// Shows what happened.
  func show(_ news: CallerEvent) {
    switch news {
    case .message(let message): show(message)
    case .began: break
    case .answered(_, let latency):
      heard = latency
      if measured != nil { showLatency() }
    case .finished(let report):
      showLatency()
      write(lines.summary(of: report))
    }
  }

  private func show(_ message: ServerMessage) {
    switch message {
    case .ready(let ready):
      answered = clock.now
      write(lines.head(ready))
    case .transcript(let notice) where notice.role == .caller:
      if notice.isFinal {
        showLatency()
        write(lines.said(notice))
      } else {
        overwrite(lines.beingSaid(notice.text, at: notice.at))
      }
    case .speech(true, let at): overwrite(lines.beingSaid("", at: at))
    case .agent(let notice): show(notice)
    case .state(let name, let from, let because): write(lines.state(name, from: from, because: because, at: now))
    case .turn(let latency):
      measured = latency
      if heard != nil { showLatency() }
    case .error(let code, let text, false): write(lines.trouble(text, code: code))
    // What is fatal ends the command, which says it.
    case .error(_, _, true), .speech, .transcript, .clear, .ended, .unknown: break
    }
  }

  private func show(_ notice: AgentNotice) {
    switch notice.state {
    case .started: write(lines.agent(notice.text, at: now))
    case .interrupted: write(lines.interrupted(notice))
    case .finished: break
    }
  }

  private func showLatency() {
    guard heard != nil || measured != nil else { return }
    write(lines.latency(heard: heard, measured: measured))
    (heard, measured) = (nil, nil)
  }

  /// Since the call was answered.
  private var now: CallDuration { answered.map { CallDuration(clock.now - $0) } ?? .zero }

  /// Lines that stay.
  private func write(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    let clearing = live.isEmpty ? "" : "\r\u{1B}[K"
    live = ""
    outlet.write(clearing + lines.map { $0 + "\n" }.joined())
  }

  /// The last line anew.
  private func overwrite(_ line: String) {
    guard outlet.isTerminal else { return }
    live = line
    outlet.write("\r\u{1B}[K" + line)
  }
}
