import CallCore
import JSON
import Wires

/// Messages of telephone providers, one a line behind the start of a stream: the first byte chooses the provider, a line that begins with
/// `B` is binary. The agent says something between two of them.
final class MediaStreamTarget: FuzzTarget {
  static let name = "media-streams"

  private static let wires = CallWire.telephony

  func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let first = input.bytes(until: UInt8(ascii: "\n"))
    let wire = Self.wires[Int(first.first ?? 0) % Self.wires.count]
    guard let side = TelephonyApplicationSide(wire) else { fatalError("\(wire) has a bot's side") }
    var opened: StartRequest?
    for (index, line) in input.remainder().split(separator: UInt8(ascii: "\n")).enumerated() {
      let isText = line.first != UInt8(ascii: "B")
      let frame = Array(isText ? line : line.dropFirst())
      frame.withUnsafeBytes { frame in
        _ = try? side.receive(frame, isText: isText) { event in
          switch event {
          case .opened(let invitation):
            require(opened == nil, "a stream opens once")
            opened = invitation.request
          case .audio(let packet, _, _):
            guard let opened else { fatalError("audio comes behind the opening") }
            let bytes = opened.sampleRate / 50 * (opened.codec == .pcm16 ? 2 : 1)
            require(packet.count == bytes, "a packet has 20 ms")
          case .key, .text, .played, .markReturned, .commanded, .answer, .rated, .asked, .stopped:
            require(opened != nil, "nothing comes before the opening")
          case .hungUp: break  // also for a stream that never began
          }
        }
      }
      answer(side, opened, index)
    }
  }

  private func answer(_ side: TelephonyApplicationSide, _ opened: StartRequest?, _ index: Int) {
    guard let opened else { return }
    let packet = [UInt8](repeating: 7, count: opened.sampleRate / 50 * (opened.codec == .pcm16 ? 2 : 1))
    packet.withUnsafeBytes { bytes in
      let packet = AgentPacket(
        bytes, number: UInt32(index), due: .zero + .milliseconds(index * 20), utterance: UtteranceID(1 + index / 5),
        end: index % 5 == 4 ? .utterance : .nothing)
      _ = side.send(packet) { frame in
        require(!frame.isText || Self.isJSON(Array(frame.header) + Array(frame.payload)), "what is sent is JSON")
        return index % 7 != 6
      }
    }
    if index % 11 == 10 {
      side.send(.report(.clear(UtteranceID(1)))) { require(Self.isJSON(Array($0.utf8)), "what is sent is JSON") }
    }
  }

  private static func isJSON(_ bytes: [UInt8]) -> Bool { (try? JSONValue(parsing: bytes)) != nil }
}
