import CallCore
import Simulation
import Testing

@Suite("A network that loses packets")
struct LossyNetworkTests {
  private static func conditions(_ change: (inout NetworkConditions) -> Void) -> NetworkConditions {
    var conditions = NetworkConditions()
    change(&conditions)
    return conditions
  }

  /// A packet every 20 ms.
  private static func arrivals(_ network: inout LossyNetwork, packets: Int = 100_000) -> [[Timestamp]] {
    (0..<packets).map { network.send(at: Self.instant($0)) }
  }

  private static func instant(_ packet: Int) -> Timestamp { .zero + .milliseconds(20) * packet }

  @Test("A perfect network delivers every packet at once")
  func perfect() {
    var network = LossyNetwork(conditions: NetworkConditions(), seed: 1)
    for (packet, arrivals) in Self.arrivals(&network, packets: 1000).enumerated() {
      #expect(arrivals == [Self.instant(packet)])
    }
    #expect(network.counts.sent == 1000)
    #expect([network.counts.lost, network.counts.duplicated, network.counts.overtaken] == [0, 0, 0])
  }

  @Test(
    "The share and the bursts of lost packets are as asked",
    arguments: [(10, 1), (50, 1), (200, 1), (20, 3), (50, 5), (100, 2), (300, 4), (500, 2)])
  func loss(permille: Int, burst: Int) {
    var network = LossyNetwork(
      conditions: Self.conditions {
        $0.lossPermille = permille
        $0.lossBurst = burst
      }, seed: 11)
    let isLost = Self.arrivals(&network).map { $0.count == 0 }
    let lost = isLost.count { $0 }
    #expect(network.counts.lost == lost)
    // One standard deviation is 0.2 percentage points for 5 % in bursts of 5, and 0.31 for 30 % in bursts of 4, which has twice the room.
    let room = permille == 300 ? 0.6 : 0.3
    #expect(abs(Double(lost) / 1000 - Double(permille) / 10) <= room, "\(lost)")
    let bursts = zip(isLost, [false] + isLost).count { $0 && !$1 }
    let mean = Double(lost) / Double(bursts)
    // Losses that know nothing of one another follow each other by chance.
    let asked = burst == 1 ? 1000 / Double(1000 - permille) : Double(burst)
    #expect(abs(mean - asked) <= 0.06 * asked, "bursts of \(mean) packets")
  }

  @Test("Delay and jitter stay in their range and reach both ends")
  func jitter() throws {
    var network = LossyNetwork(
      conditions: Self.conditions {
        $0.delay = .milliseconds(40)
        $0.jitter = .milliseconds(30)
      }, seed: 5)
    let lengths = try Self.arrivals(&network, packets: 10_000).enumerated().map { packet, arrivals in
      try #require(arrivals.first) - Self.instant(packet)
    }
    #expect(try #require(lengths.min()) >= .milliseconds(40) && #require(lengths.min()) < .microseconds(40_100))
    #expect(try #require(lengths.max()) <= .milliseconds(70) && #require(lengths.max()) > .microseconds(69_900))
    let mean = lengths.reduce(CallDuration.zero, +).microseconds / 10_000
    #expect(abs(mean - 55_000) < 500)
  }

  @Test("Packets that are overtaken are counted as a receiver would count them", arguments: [5, 20, 30, 100, 333])
  func overtaken(milliseconds: Int) {
    var network = LossyNetwork(
      conditions: Self.conditions {
        $0.jitter = .milliseconds(milliseconds)
        $0.lossPermille = 50
        $0.duplicatePermille = 50
      }, seed: 9)
    let arrivals = Self.arrivals(&network, packets: 5000)
    let firsts = arrivals.enumerated().compactMap { packet, arrivals in
      arrivals.first.map { (at: $0, packet: packet) }
    }
    var newest = -1
    var late = 0
    for arrival in firsts.sorted(by: { ($0.at, $0.packet) < ($1.at, $1.packet) }) {
      late += arrival.packet < newest ? 1 : 0
      newest = max(newest, arrival.packet)
    }
    #expect(network.counts.overtaken == late)
    #expect(milliseconds <= 20 ? late == 0 : late > 100, "\(late)")
  }

  @Test("Some packets arrive twice, the second time not before the first")
  func duplicates() {
    var network = LossyNetwork(
      conditions: Self.conditions {
        $0.jitter = .milliseconds(10)
        $0.duplicatePermille = 100
      }, seed: 2)
    let twice = Self.arrivals(&network).filter { $0.count == 2 }
    #expect(network.counts.duplicated == twice.count)
    #expect(abs(twice.count - 10_000) < 300)
    for arrivals in twice { #expect(arrivals[1] >= arrivals[0]) }
  }

  @Test("Loss, jitter and duplication do not move one another")
  func independence() {
    let all = Self.conditions {
      $0.lossPermille = 100
      $0.lossBurst = 3
      $0.jitter = .milliseconds(15)
      $0.duplicatePermille = 100
    }
    var complete = LossyNetwork(conditions: all, seed: 4)
    let arrivals = Self.arrivals(&complete, packets: 5000)

    var lossOnly = LossyNetwork(
      conditions: Self.conditions {
        $0.lossPermille = 100
        $0.lossBurst = 3
      }, seed: 4)
    #expect(Self.arrivals(&lossOnly, packets: 5000).map { $0.count == 0 } == arrivals.map { $0.count == 0 })

    var whole = all
    whole.lossPermille = 0
    var lossless = LossyNetwork(conditions: whole, seed: 4)
    for (with, without) in zip(arrivals, Self.arrivals(&lossless, packets: 5000)) where with.count > 0 {
      #expect(with == without)
    }
  }

  @Test("The same seed does the same, another seed something else")
  func seeds() {
    let conditions = Self.conditions {
      $0.lossPermille = 100
      $0.jitter = .milliseconds(15)
    }
    var first = LossyNetwork(conditions: conditions, seed: 4)
    var same = LossyNetwork(conditions: conditions, seed: 4)
    var other = LossyNetwork(conditions: conditions, seed: 5)
    let arrivals = Self.arrivals(&first, packets: 200)
    #expect(arrivals == Self.arrivals(&same, packets: 200))
    #expect(arrivals != Self.arrivals(&other, packets: 200))
  }
}
