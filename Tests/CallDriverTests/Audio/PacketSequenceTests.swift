import CallDriver
import Testing

@Suite("Packet numbers")
struct PacketSequenceTests {
  func arrivals(_ numbers: [UInt32]) -> [PacketSequence.Arrival] {
    var sequence = PacketSequence()
    return numbers.map { sequence.classify($0) }
  }

  @Test("any number may come first, and the next is the one behind it", arguments: [0, 17, UInt32.max - 1, .max])
  func inOrder(first: UInt32) {
    #expect(arrivals([first, first &+ 1, first &+ 2]) == [.inOrder, .inOrder, .inOrder])
  }

  @Test("what is missing is counted, also around the end of the numbers")
  func gaps() {
    #expect(arrivals([5, 7, 11]) == [.inOrder, .afterGap(1), .afterGap(3)])
    #expect(arrivals([.max - 1, 2]) == [.inOrder, .afterGap(3)])
    #expect(arrivals([.max, 0, 2]) == [.inOrder, .inOrder, .afterGap(1)])
  }

  @Test("what comes twice or behind its successors is late, and changes nothing")
  func late() {
    #expect(arrivals([5, 6, 6, 5, 4, 7]) == [.inOrder, .inOrder, .late, .late, .late, .inOrder])
    #expect(arrivals([0, .max, 1]) == [.inOrder, .late, .inOrder])
  }

  @Test("the largest gap is a loss, a larger one a jump")
  func largestGap() {
    let most = UInt32(PacketSequence.gapMax)
    #expect(arrivals([0, 1 + most, 2 + most]) == [.inOrder, .afterGap(3000), .inOrder])
    #expect(arrivals([0, 2 + most, 1]) == [.inOrder, .late, .inOrder])
  }

  @Test("one wild number is passed over; a second behind it is a sender that began anew")
  func jumps() {
    #expect(arrivals([500, 70_000, 501]) == [.inOrder, .late, .inOrder])
    #expect(arrivals([500, 70_000, 70_001, 70_003]) == [.inOrder, .late, .inOrder, .afterGap(1)])
    #expect(arrivals([500, 0, 1, 2]) == [.inOrder, .late, .inOrder, .inOrder])
    #expect(arrivals([500, 70_000, 3, 501]) == [.inOrder, .late, .late, .inOrder])
    #expect(arrivals([500, 401, 402]) == [.inOrder, .late, .late])
  }
}
