/// How long an agent talks on when a caller interrupts it, read off the two tracks of a call as one would do by eye. Nothing of it is the
/// product's: the threshold is fixed, the windows are of 10 ms, and there is no knowledge of turns and utterances.
package struct YieldByHand {
  /// Mean square from which a window is loud: −50 dBFS.
  private static let loud = 10_000
  /// Samples of a window: 10 ms at 16 kHz.
  private static let window = 160
  /// Windows of silence after which the agent is taken to have stopped: 500 ms, longer than it pauses between sentences.
  private static let silenceMin = 50

  /// Where the caller becomes audible over the agent, in milliseconds of the track: the middle of a window, so good to 5 ms.
  package let callerBegan: Int
  /// Where the agent is audible for the last time before a long silence; likewise.
  package let agentEnded: Int

  /// - Parameters:
  ///   - voice: the caller's own voice; 16 kHz, on the same clock as `agent`.
  ///   - agent: the agent as it was heard.
  /// - Returns: `nil` when the caller never begins while the agent is audible.
  package init?(voice: [Int16], agent: [Int16]) {
    let voices = Self.loudWindows(of: voice)
    let agents = Self.loudWindows(of: agent)
    let begins = voices.indices.first { index in
      voices[index] && index < agents.count && !voices[max(index - Self.silenceMin, 0)..<index].contains(true)
        && agents[index...].prefix(2).contains(true)
    }
    guard let first = begins else { return nil }
    var last = first
    for index in first..<agents.count where agents[index] {
      if index - last > Self.silenceMin { break }
      last = index
    }
    callerBegan = first * 10 + 5
    agentEnded = last * 10 + 5
  }

  package var milliseconds: Int { agentEnded - callerBegan }

  private static func loudWindows(of track: [Int16]) -> [Bool] {
    stride(from: 0, through: track.count - window, by: window).map { start in
      track[start..<start + window].reduce(0) { $0 + Int($1) * Int($1) } / window > loud
    }
  }
}
