import CallCore
import CallDriver
import JSON
import Wires
import Formats
import Engines
import SampleCases

/// A whole call in virtual time: frames of every kind with any number and stamp, answers of engines and tools, and time, in any order.
/// Byte 0 chooses the codec, byte 1 the flow; then come steps of one byte and what each takes.
final class CallTarget: FuzzTarget {
  static let name = "calls"

  /// Steps of one input: as many as a call of a minute has packets.
  private static let stepsMax = 3000
  private static let formats = [
    AudioFormat(codec: .pcm16, sampleRate: 16_000), AudioFormat(codec: .mulaw, sampleRate: 8000),
    AudioFormat(codec: .opus, sampleRate: 16_000), AudioFormat(codec: .pcm16, sampleRate: 8000),
  ]
  private static let words = ["yes", "no", "I'd like to book", "4711", "tomorrow at three", "goodbye", "", "…"]

  private let codecs = AudioCodecCatalog()
  private let library: FlowLibrary

  init() {
    guard let library = try? SampleCases.flows() else { preconditionFailure("the sample flows are there") }
    self.library = library
  }

  func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let format = Self.formats[Int(input.byte()) % Self.formats.count]
    let flow = library.flows[Int(input.byte()) % library.flows.count]
    let machine = FlowMachine(flow: flow, library: library, seed: 7, variables: ["today": "2026-05-01"])
    guard let call = try? FuzzCall(flow: machine, format: format, codecs: codecs, echoCancellers: SpeexEchoCancellers())
    else { return }
    for _ in 0..<Self.stepsMax {
      guard !input.isEmpty, !call.hasEnded else { break }
      step(&input, call, format)
    }
    call.finish()
  }

  private func step(_ input: inout FuzzInput, _ call: FuzzCall, _ format: AudioFormat) {
    let code = input.byte()
    switch code % 16 {
    case 0...2: talk(&input, call, format, loud: code & 16 == 0)
    case 3:
      let text = input.bytes(until: 0)
      call.receive(text: text)
    case 4:
      let count = Int(input.number(bytes: 2)) % (AudioPacketHeader.frameBytesMax + 2)
      call.receive(binary: input.bytes(count))
    case 5: call.receive(binary: packet(&input, format, loud: code & 16 == 0, number: nil))
    case 6: call.pass(.milliseconds(Int(input.byte())))
    case 7: call.pass(.microseconds(Int64(input.number(bytes: 4))))
    case 8: call.tick()
    case 9: call.receive(text: ClientMessage.text(input.text()).json)
    case 10: Key("0123456789*#"[Int(input.byte()) % 12]).map { call.session.handle(.keyPressed($0), at: call.now) }
    case 11: answerWords(&input, call)
    case 12: answerSpeech(&input, call, format)
    case 13: answerTool(&input, call)
    case 14: played(&input, call)
    default: rare(&input, call)
    }
  }

  /// So many packets of 20 ms in order, on time.
  private func talk(_ input: inout FuzzInput, _ call: FuzzCall, _ format: AudioFormat, loud: Bool) {
    for _ in 0..<(input.byte() % 32) {
      call.pass(.milliseconds(20))
      call.receive(binary: packet(&input, format, loud: loud, number: UInt32(call.now.microseconds / 20_000 % 100_000)))
      call.tick()
    }
  }

  /// - Parameter number: of a packet that is right; `nil` takes number, stamp and length from the input.
  private func packet(_ input: inout FuzzInput, _ format: AudioFormat, loud: Bool, number: UInt32?) -> [UInt8] {
    let sequence = number ?? UInt32(truncatingIfNeeded: input.number(bytes: 4))
    let stamp = number.map { UInt64($0) * 20_000 } ?? input.number(bytes: 8)
    var frame = [UInt8](repeating: 0, count: AudioPacketHeader.byteCount)
    let header = AudioPacketHeader(codec: format.codec, sequence: sequence, microseconds: stamp)
    frame.withUnsafeMutableBytes { header.encode(into: $0) }
    if number == nil { return frame + input.bytes(Int(input.byte())) }
    return frame + Self.payload(format, loud: loud)
  }

  /// 20 ms of loud sound, or of silence. Any sample will do: the detector here measures loudness alone.
  private static func payload(_ format: AudioFormat, loud: Bool) -> [UInt8] {
    switch format.codec {
    case .opus: loud ? [0x48, 0x07, 0xC9, 0x72, 0x27, 0xE1] : [0xF8, 0xFF, 0xFE]
    case .mulaw: [UInt8](repeating: loud ? 0x80 : 0xFF, count: 160)
    case .alaw: [UInt8](repeating: loud ? 0xAA : 0xD5, count: 160)
    case .pcm16: [UInt8](repeating: loud ? 0x40 : 0, count: format.sampleRate / 25)
    }
  }

  private func answerWords(_ input: inout FuzzInput, _ call: FuzzCall) {
    let choice = Int(input.byte())
    guard let request = call.transcriptions.last else { return }
    switch choice % 10 {
    case 8: call.answer(.words(request, .success(input.text())))
    case 9: call.answer(.words(request, .failure(.timedOut(limit: .seconds(5)))))
    default: call.answer(.words(request, .success(Self.words[choice % 8])))
    }
  }

  private func answerSpeech(_ input: inout FuzzInput, _ call: FuzzCall, _ format: AudioFormat) {
    let choice = Int(input.byte())
    guard !call.sentences.isEmpty else { return }
    let (utterance, index) = call.sentences[choice % call.sentences.count]
    let count = Int(input.byte()) / 4
    guard count < 63 else { return call.answer(.speech(utterance, index: index, .failure(.timedOut(limit: .zero)))) }
    let packetBytes = 6
    let speech = EncodedSpeech(
      bytes: [UInt8](repeating: 0x48, count: count * packetBytes),
      packetEnds: (0..<count).map { Int32(($0 + 1) * packetBytes) })
    call.answer(.speech(utterance, index: index, .success(speech)))
  }

  private func answerTool(_ input: inout FuzzInput, _ call: FuzzCall) {
    let choice = input.byte()
    guard let request = call.tools.last else { return }
    switch choice % 3 {
    case 0:
      call.answer(.tool(request, .answered(status: 200, values: ["order.status": input.text(), "status": "shipped"])))
    case 1: call.answer(.tool(request, .failed(input.text())))
    default: call.answer(.tool(request, .timedOut))
    }
  }

  private func played(_ input: inout FuzzInput, _ call: FuzzCall) {
    let utterance = UtteranceID(Int(input.number(bytes: 2)))
    call.session.handle(.played(utterance, .milliseconds(Int(input.number(bytes: 4)) % 172_800_000)), at: call.now)
  }

  private func rare(_ input: inout FuzzInput, _ call: FuzzCall) {
    switch input.byte() {
    case 0: call.session.handle(.hungUp, at: call.now)
    case 1: call.session.handle(.vanished, at: call.now)
    case 2: call.session.handle(.protocolBroken, at: call.now)
    case 3: call.session.handle(.serverStopping, at: call.now)
    case 4...40: call.isFull.toggle()
    default: call.tick()
    }
  }

  static var binarySeeds: [BinarySeed] {
    (0..<UInt8(formats.count)).flatMap { format in
      (0..<UInt8(3)).map { flow in BinarySeed("call-\(format)-\(flow)", [format, flow] + story) }
    }
  }

  /// The agent greets, the caller speaks, is understood, presses keys, types, and hangs up.
  private static let story: [UInt8] =
    [
      12, 0, 30, 16, 49, 0, 40, 16, 49, 11, 2, 16, 49, 12, 1, 20, 0, 30, 11, 0, 16, 30, 10, 4, 10, 7, 10, 1, 10, 1, 10,
      11,
    ]
    + [13, 0, 3, 97, 98, 99, 3] + Array(#"{"type":"text","text":"goodbye"}"#.utf8) + [
      0, 7, 0, 0, 16, 0, 8, 14, 1, 0, 9, 0, 0, 0,
    ]
    + [5, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 4, 1, 2, 3, 4, 3]
    + Array(#"{"type":"hangup"}"#.utf8)
    + [0]
}

extension String {
  fileprivate subscript(index: Int) -> Character { self[self.index(startIndex, offsetBy: index)] }
}
