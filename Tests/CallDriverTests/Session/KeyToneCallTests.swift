import CallCore
import CallDriver
import Testing

/// Keys that come as sound in a call.
@Suite("Keys in the caller's sound")
struct KeyToneCallTests {
  private static func press(_ keys: String, _ harness: SessionHarness) {
    for key in keys.compactMap({ Key($0) }) {
      var sound = KeyToneSound(key, at: .wide)
      while !sound.isOver {
        let frame = (0..<320).map { _ in sound.next() }
        harness.pass(.milliseconds(20), ticking: false)
        harness.receive(frame.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
        harness.session.tick(at: harness.now)
      }
    }
  }

  private static func send(_ keys: String, _ harness: SessionHarness) {
    for key in keys.compactMap({ Key($0) }) { harness.session.handle(.keyPressed(key), at: harness.now) }
  }

  private static func keys(of harness: SessionHarness) throws -> String {
    try harness.hangUp().record.timeline.filter { $0.kind == .keyPressed }.map(\.detail).joined()
  }

  @Test("are pressed where they are listened for, and open no turn of speech")
  func sound() throws {
    let harness = try SessionHarness { $0.hearsKeyTones = true }
    harness.hear(0, packets: 10)
    Self.press("4711", harness)
    harness.hear(0, packets: 10)
    // At most the window in which a key begins reaches the detector of speech: no run of three.
    #expect(harness.turns.isEmpty && harness.phase == "keying")
    #expect(try Self.keys(of: harness) == "4711")
  }

  @Test("are nothing where nobody listens for them")
  func off() throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 10)
    Self.press("4711", harness)
    #expect(try Self.keys(of: harness) == "")
  }

  @Test("that come as messages, too, count once, whichever comes first")
  func both() throws {
    let harness = try SessionHarness { $0.hearsKeyTones = true }
    harness.hear(0, packets: 10)
    Self.press("41", harness)
    Self.send("41", harness)
    Self.send("1", harness)
    Self.press("1", harness)
    Self.press("99", harness)
    Self.send("9", harness)
    harness.hear(0, packets: 110)
    // 2 s later it is another press.
    Self.send("9", harness)
    #expect(try Self.keys(of: harness) == "411999")
  }

  @Test("that are held for long and come as a message when they are released count once")
  func held() throws {
    let harness = try SessionHarness { $0.hearsKeyTones = true }
    harness.hear(0, packets: 10)
    var tones = (
      row: SineTone(turn: 1.9255487034476437, first: 0.27030639589690547),
      column: SineTone(turn: 1.7787928555701285, first: 0.45713673473389455)
    )
    for _ in 0..<150 {
      let frame = (0..<320).map { _ in Int16(5800 * (tones.row.next() + tones.column.next())) }
      harness.pass(.milliseconds(20), ticking: false)
      harness.receive(frame.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
      harness.session.tick(at: harness.now)
    }
    Self.send("1", harness)
    #expect(try Self.keys(of: harness) == "1")
  }

  @Test("that come as messages alone count as ever")
  func messages() throws {
    let harness = try SessionHarness { $0.hearsKeyTones = true }
    harness.hear(0, packets: 10)
    Self.send("1111", harness)
    #expect(try Self.keys(of: harness) == "1111")
  }

  @Test("the voice before and behind them is heard as ever")
  func speech() throws {
    let harness = try SessionHarness { $0.hearsKeyTones = true }
    harness.hear(0, packets: 10)
    harness.hear(SessionHarness.loud, packets: 30)
    harness.hear(0, packets: 30)
    #expect(harness.turns.count == 1)
  }
}
