import CallDriver
import Testing

@Suite("The energy gate")
struct EnergyGateTests {
  /// A frame whose mean square is the square of `amplitude`.
  func isOpen(_ gate: inout EnergyGate, _ amplitude: Int16) -> Bool {
    let frame = (0..<320).map { $0 % 2 == 0 ? amplitude : -amplitude }
    return frame.withUnsafeBufferPointer { gate.isOpen(for: $0) }
  }

  /// Of `count` frames, how many found the gate open.
  func openFrames(_ gate: inout EnergyGate, _ amplitude: Int16, count: Int) -> Int {
    (0..<count).count { _ in isOpen(&gate, amplitude) }
  }

  @Test("the mean square is exact", arguments: [(Int16(0), 0), (1, 1), (14, 196), (.max, 1_073_676_289)])
  func energy(amplitude: Int16, energy: Int) {
    let frame = [amplitude, -amplitude, amplitude]
    #expect(frame.withUnsafeBufferPointer { EnergyGate.energy(of: $0) } == energy)
    #expect([Int16]().withUnsafeBufferPointer { EnergyGate.energy(of: $0) } == 0)
    #expect([Int16.min].withUnsafeBufferPointer { EnergyGate.energy(of: $0) } == 1 << 30)
  }

  @Test("digital silence and a quiet microphone never open it")
  func silence() {
    var gate = EnergyGate()
    #expect(openFrames(&gate, 0, count: 500) == 0)
    #expect(openFrames(&gate, 14, count: 500) == 0)
  }

  @Test("speech opens it at once, also in the first frame")
  func speech() {
    var gate = EnergyGate()
    #expect(isOpen(&gate, 2000))
    var later = EnergyGate()
    _ = openFrames(&later, 10, count: 200)
    #expect(isOpen(&later, 300))
  }

  @Test("it stays open for 240 ms behind the last loud frame, and no longer")
  func hangover() {
    var gate = EnergyGate()
    _ = openFrames(&gate, 2000, count: 5)
    let open = (0..<30).map { _ in isOpen(&gate, 0) }
    #expect(open == Array(repeating: true, count: 11) + Array(repeating: false, count: 19))
  }

  @Test("the end of a loud sound is known to 5 ms", arguments: [(1, 80), (80, 80), (81, 160), (200, 240), (320, 320)])
  func loudEnd(loudSamples: Int, end: Int) {
    var gate = EnergyGate()
    _ = openFrames(&gate, 2000, count: 5)
    #expect(gate.loudEnd == 320)
    let frame = (0..<320).map { Int16($0 < loudSamples ? 2000 : 0) }
    #expect(frame.withUnsafeBufferPointer { gate.isOpen(for: $0) })
    #expect(gate.loudEnd == end)
    #expect(isOpen(&gate, 0))
    #expect(gate.loudEnd == nil)
  }

  @Test("what is 30 dB below the speech before it is not loud, until that speech is some seconds ago")
  func speechRange() {
    var gate = EnergyGate()
    _ = openFrames(&gate, 4000, count: 10)
    #expect(isOpen(&gate, 120))
    #expect(gate.loudEnd == nil)
    #expect(isOpen(&gate, 140))
    #expect(gate.loudEnd == 320)
    _ = openFrames(&gate, 0, count: 200)
    #expect(isOpen(&gate, 120))
    #expect(gate.loudEnd == 320)
  }

  @Test("steady noise closes it after some seconds, and speech over the noise opens it", arguments: [100, 300, 900])
  func noise(amplitude: Int16) {
    var gate = EnergyGate()
    #expect(isOpen(&gate, amplitude))
    _ = openFrames(&gate, amplitude, count: 18 * 50)
    #expect(openFrames(&gate, amplitude, count: 100) == 0)
    #expect(isOpen(&gate, amplitude * 3))
  }

  @Test("noise that stops is forgotten within a second")
  func noiseEnds() {
    var gate = EnergyGate()
    _ = openFrames(&gate, 900, count: 1000)
    _ = openFrames(&gate, 5, count: 50)
    #expect(isOpen(&gate, 100))
  }

  @Test("a long sentence does not close it")
  func longSpeech() {
    var gate = EnergyGate()
    _ = openFrames(&gate, 20, count: 200)
    #expect(openFrames(&gate, 3000, count: 10 * 50) == 500)
  }

  @Test("sound louder than any noise floor is left to the detector")
  func loudForEver() {
    var gate = EnergyGate()
    #expect(openFrames(&gate, 5000, count: 5000) == 5000)
  }
}
