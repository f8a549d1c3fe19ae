import LoadTest
import Testing

@Suite("Which case a call takes")
struct CallMixTests {
  @Test("the same seed gives the same order, and call 900 is the same whether 899 were asked for or not")
  func same() {
    let mix = CallMix(weights: [3, 1], seed: 7)
    let order = (0..<1000).map(mix.index)
    #expect(order == (0..<1000).map(CallMix(weights: [3, 1], seed: 7).index))
    #expect(order != (0..<1000).map(CallMix(weights: [3, 1], seed: 8).index))
    #expect(CallMix(weights: [3, 1], seed: 7).index(ofCall: 900) == order[900])
  }

  @Test("weights are kept to")
  func weights() {
    let mix = CallMix(weights: [70, 25, 5], seed: 1)
    var counts = [0, 0, 0]
    for call in 0..<20_000 { counts[mix.index(ofCall: call)] += 1 }
    // Four standard deviations of a share of 20,000.
    for (count, share) in zip(counts, [0.70, 0.25, 0.05]) {
      #expect(abs(Double(count) / 20_000 - share) < 0.013)
    }
  }

  @Test("a single case is always taken")
  func one() { #expect((0..<50).allSatisfy { CallMix(weights: [1], seed: 3).index(ofCall: $0) == 0 }) }
}
