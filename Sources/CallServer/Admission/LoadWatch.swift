import CallCore
import CallDriver
import WebSockets

/// Looks at media loops and speech threads several times a second, for admission, speculation and `/metrics`. Lives on the control loop.
final class LoadWatch {
  /// Time between two looks.
  static let period = Duration.milliseconds(250)
  /// Looks that together make the last second.
  private static let looks = 4

  private let server: ServerContext
  private let media: [ServiceLoop]
  private var ticks: [LatenessWindow]
  /// The speech threads' figures, oldest first, at most `looks`.
  private var work: [WorkFigures] = []
  /// Echo cancellers made by the looks of the last two seconds, oldest first.
  private var echoes: [Int] = []

  /// Looks without a call since the last one; `nil` once memory was given back for it.
  private var quietLooks: Int?

  init(server: ServerContext, media: [ServiceLoop]) {
    self.server = server
    self.media = media
    ticks = media.map { _ in LatenessWindow(lookCount: Self.looks) }
  }

  /// Takes a look.
  func check(at now: UInt64) {
    var figures = LoadFigures()
    figures.at = Timestamp(microseconds: Int64(now))
    figures.calls = server.capacity.takenCount
    figures.callsEnded = server.capacity.endedCount
    figures.speakers = server.capacity.speakerCount
    (figures.callsRecorded, figures.recordedSeconds) = server.figures.recorded
    for index in media.indices {
      let load = media[index].load
      ticks[index].add(load.latenessCounts)
      figures.loopShare = max(figures.loopShare, load.busyShare)
      figures.loopShares += load.busyShare
      let lateness = CallDuration.microseconds(Int64(ticks[index].lateness(ofShare: 0.95)))
      figures.tickLateness = max(figures.tickLateness, lateness)
    }
    readEngines(&figures)
    readEchoes(&figures)
    let admission = server.updateAdmission(figures, ticks: ticks)
    server.speechService?.updateGate(busyShare: admission.load.engineShare)
    server.responseCache.forgetUnused(at: now)
    releaseMemory(calls: figures.calls)
  }

  /// Once after the last call, when its record has been kept.
  private func releaseMemory(calls: Int) {
    guard calls == 0 else { return quietLooks = 0 }
    guard let looks = quietLooks else { return }
    quietLooks = looks + 1
    guard looks + 1 >= 2 * Self.looks else { return }
    quietLooks = nil
    // When the threads take no more work, they are busy, and the next quiet moment does it.
    if !server.duties.submit(.idle, { ProcessMemory.releaseFreeMemory() }) { quietLooks = 0 }
  }

  private func readEchoes(_ figures: inout LoadFigures) {
    let made = server.echoCancellers?.figures.made ?? 0
    figures.newEchoCancellers = made - (echoes.first ?? made)
    if echoes.count == 2 * Self.looks { echoes.removeFirst() }
    echoes.append(made)
  }

  private func readEngines(_ figures: inout LoadFigures) {
    let now = server.speechWorkers.figures
    if let last = work.last {
      figures.engineShare = now.busyShare(since: last)
      figures.enginePiecesPerSecond = now.piecesPerSecond(since: last)
    }
    if let first = work.first {
      let waits = zip(now.waits, first.waits).map { $0.longestMs(since: $1) }
      figures.engineWait = .milliseconds(max(waits.max() ?? 0, Int(now.oldestWait / 1000)))
    }
    figures.engineQueue = now.waiting.reduce(0, +) / max(now.threads, 1)
    if work.count == Self.looks { work.removeFirst() }
    work.append(now)
  }
}
