/// Which calls can be listened to in the page, so that it stays a page.
package struct SoundChoice {
  /// Most sound in one page, in bytes of WAV: 8 minutes of calls. As text it is a third more, and a browser opens a page of 43 MB
  /// within a few seconds.
  package static let bytesMax = 32_000_000

  /// Places in the run's results.
  private let chosen: Set<Int>

  /// All calls if they fit; otherwise those that failed or are invalid, in the order of the run, each that still fits.
  package init(_ run: SimulationRun) {
    let sizes = run.results.map { result in result.evidence.tracks.map(CallSound.wavBytes) ?? 0 }
    let isWhole = sizes.reduce(0, +) <= Self.bytesMax
    var chosen: Set<Int> = []
    var total = 0
    for (place, result) in run.results.enumerated() where result.evidence.tracks != nil {
      guard isWhole || (result.verdict != .passed && total + sizes[place] <= Self.bytesMax) else { continue }
      chosen.insert(place)
      total += sizes[place]
    }
    self.chosen = chosen
  }

  /// Whether the result at `place` has its sound in the page.
  package func holds(_ place: Int) -> Bool { chosen.contains(place) }
}
