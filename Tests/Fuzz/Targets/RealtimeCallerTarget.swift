import CallCore
import JSON
import Wires

/// Events of a Realtime server, one a line; a line that begins with `B` is binary, with `T` lets time pass, with `M` chooses µ-law. The caller
/// speaks all the while.
final class RealtimeCallerTarget: FuzzTarget {
  static let name = "realtime-caller"

  private var now = Timestamp.zero
  private var frames: UInt32 = 0

  func run(_ bytes: [UInt8]) {
    var settings = RealtimeCallSettings()
    if bytes.first == UInt8(ascii: "M") { settings.format = RealtimeCallSettings.pcmu }
    (now, frames) = (.zero, 0)
    let side = RealtimePlatformSide(settings)
    var queue = PlayoutQueue(side.format)
    side.begin(checkJSON)
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      if line.first == UInt8(ascii: "T") {
        pass(line.count, side, &queue)
      } else {
        let isText = line.first != UInt8(ascii: "B")
        Array(line).withUnsafeBytes { side.receive($0, isText: isText, at: now, into: &queue, checkJSON, check) }
        pass(1, side, &queue)
      }
    }
    side.finish(at: now, of: queue, check)
    _ = side.closed(code: 1000, reason: "")
    let codes = side.findings.map(\.code)
    require(Set(codes).count == codes.count, "each finding is told once")
    require(side.findings.allSatisfy { $0.text.utf8.count < 4096 }, "findings are short")
  }

  private func pass(_ ticks: Int, _ side: RealtimePlatformSide, _ queue: inout PlayoutQueue) {
    for _ in 0..<ticks {
      side.advance(at: now, into: &queue, checkJSON, check)
      queue.play(until: now) { mark, start in
        side.reached(mark, at: start, checkJSON, check)
      } play: { packet, _ in
        require((packet?.count ?? frameBytes(side)) == frameBytes(side), "a frame has 20 ms")
      }
      [UInt8](repeating: 7, count: frameBytes(side)).withUnsafeBytes { bytes in
        side.send(bytes, number: frames) { frame in
          checkJSON(String(decoding: frame.header, as: UTF8.self))
          return true
        }
      }
      frames += 1
      now = now + .milliseconds(20)
    }
  }

  private func frameBytes(_ side: RealtimePlatformSide) -> Int {
    side.format.sampleRate / 50 * (side.format.codec == .pcm16 ? 2 : 1)
  }

  private func checkJSON(_ text: String) { require((try? JSONValue(parsing: text)) != nil, "what is sent is JSON") }

  private func check(_ event: PlatformEvent) {
    if case .told(.agent(let news)) = event { require(news.heard >= .zero, "nobody hears less than nothing") }
  }
}
