/// Which channels of a recording are heard: their mean is the sound.
///
/// Channels without sound would only make the others quieter, and channels that are opposite in phase would cancel each other.
package struct ChannelSelection: Sendable, Equatable {
  /// A channel that is 50 dB quieter than the loudest holds the noise of its input, no sound. Over the whole file: one that says a word in ten minutes
  /// has some 40 dB less than one that goes on.
  private static let silentFactor = 100_000.0
  /// Channels that have nothing in common sum up to the power of all of them. Less than a quarter of it, and they cancel each other.
  private static let cancelledFactor = 4.0

  /// Indices of the channels that are taken, at least one, in order.
  package let taken: [Int]

  /// - Parameters:
  ///   - products: sums of the products of each two channels' samples, in any scale: at `i * width + j` that of the channels i and j.
  ///   - width: of a row.
  ///   - channels: how many there are, 1 … `width`.
  package init(products: [Double], width: Int, channels: Int) {
    func product(_ one: Int, _ other: Int) -> Double { products[one * width + other] }
    let loudest = (1..<max(channels, 1)).reduce(0) { product($1, $1) > product($0, $0) ? $1 : $0 }
    let sounding = (0..<channels).filter { product($0, $0) * Self.silentFactor >= product(loudest, loudest) }
    let apart = sounding.reduce(0) { $0 + product($1, $1) }
    let together = sounding.reduce(0) { sum, one in sounding.reduce(sum) { $0 + product(one, $1) } }
    taken = sounding.isEmpty || together * Self.cancelledFactor < apart ? [loudest] : sounding
  }
}
