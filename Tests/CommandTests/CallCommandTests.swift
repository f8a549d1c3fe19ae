import CallCore
import CallDriver
import JSON
import Foundation
import Testing

@Suite("call")
struct CallCommandTests {
  @Test("three spoken turns: the transcript, and a recording of what was heard")
  func appointment() async throws {
    let server = try await RunningServer()
    let scratch = try Scratch()
    let ended = try await Command.run(
      "call", "--target", server.callURL, "--say", "I would like to book an appointment.", "--say", "Next Tuesday.",
      "--say", "At half past three.", "--save", scratch.file("call.wav"), within: .seconds(60))
    #expect(ended.status == 0, "\(ended.errors)")
    for line in [
      "agent   Hello, this is the Harbour Clinic.", "caller  I would like to book", "· menu → day (book)", "15:30",
    ] {
      #expect(ended.output.contains(line), "\(line) in \(ended.output)")
    }
    #expect(!ended.output.contains("\u{1B}") && !ended.output.contains("\r"), "a pipe gets plain lines")
    let agent = CallText.said(by: "agent", in: ended.output)
    #expect(agent.count == 4)

    let bytes = try Scratch.bytes(of: scratch.file("call.wav"))
    #expect(try WAVFile(parsing: bytes).channels == 2 && WAVFile(parsing: bytes).audio.sampleRate == 16_000)
    for (channel, said) in [(0, CallText.said(by: "caller", in: ended.output)), (1, agent)] {
      let side = try scratch.write(Self.channel(channel, of: bytes), to: "\(channel).wav")
      let heard = try await Command.run("transcribe", side).output
      // Written in the recogniser's spelling, which is American.
      let reference = said.joined(separator: " ").replacing("Harbour", with: "Harbor")
      #expect(WordErrorRate(reference: reference, heard: heard).rate <= 0.1, "\(reference)\n\(heard)")
    }
    #expect(try await server.stop().status == 0)
  }

  @Test("a human reader is understood in a call")
  func human() async throws {
    let server = try await RunningServer()
    let scratch = try Scratch()
    let files = try TwoCities.pieces.enumerated().map { index, piece in
      try scratch.write(TwoCities.piece(piece.seconds), to: "\(index).wav")
    }
    let ended = try await Command.run(
      "call", "--target", server.url, "--audio", files[0], "--audio", files[1], "--json", within: .seconds(60))
    #expect(ended.status == 0, "\(ended.errors)")
    let document = try JSONValue(parsing: ended.output)
    #expect(document["failure"] == nil)
    #expect(document["turnsSaid"]?.wholeNumber == 2)
    let heard = CallText.said(by: "caller", in: document).joined(separator: " ")
    let rate = WordErrorRate(reference: TwoCities.pieces.map(\.text).joined(separator: " "), heard: heard).rate
    #expect(rate <= 0.1, "\(heard)")
    guard case .array(let latencies)? = document["latencies"] else { return #expect(Bool(false), "no latencies") }
    #expect(latencies.count == 2 && latencies.allSatisfy { ($0["heardMs"]?.wholeNumber ?? 0) >= 200 })
  }

  @Test("without a target a server is started; keys, typing and an interruption are taken in the order given")
  func ownServer() async throws {
    let ended = try await Command.run(
      "call", "--type", "hours please", "--interrupt", "500", "--keys", "1", "--type", "next Tuesday", "--json",
      environment: ["VOICEFORGE_PORT": "\(HeldPort.free())"], within: .seconds(60))
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.errors.contains("one is started in this process for the call"))
    let document = try JSONValue(parsing: ended.output)
    #expect(CallText.said(by: "caller", in: document) == ["hours please", "1", "next Tuesday"])
    #expect(document.text(at: "record.finalState") == "time")
    #expect(CallText.interruptions(in: document) >= 1)
  }

  @Test("Ctrl-C hangs up, and the record still comes")
  func hangUp() async throws {
    let command = try Command(
      ["call", "--type", "hours please", "--type", "goodbye"], environment: ["VOICEFORGE_PORT": "\(HeldPort.free())"])
    try await command.wait(.seconds(20), for: "the agent") { command.output.contains("agent ") ? true : nil }
    command.signal(SIGINT)
    let ended = try await command.end(within: .seconds(10))
    #expect(ended.status == 0)
    #expect(ended.output.contains("ended    caller-hung-up") || ended.output.contains("ended  caller-hung-up"))
  }

  @Test("turns that could not be said make the result invalid")
  func tooManyTurns() async throws {
    let ended = try await Command.run(
      "call", "--type", "goodbye", "--type", "are you still there",
      environment: ["VOICEFORGE_PORT": "\(HeldPort.free())"],
      within: .seconds(40))
    #expect(ended.status == 3)
    #expect(ended.errors.contains("the call ended before 1 of 2 turns could be said"))
  }

  @Test("a telephone call that lacks settings is refused before anybody is asked, and before engines are loaded: 2")
  func phoneWithoutSettings() async throws {
    let environment = ["VOICEFORGE_DIAL_ALLOW": "+1555", "VOICEFORGE_PORT": "\(HeldPort.free())"]
    let ended = try await Command.run("call", "--phone", "+15550100", "--say", "Hello.", environment: environment)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, VOICEFORGE_PUBLIC_URL and start again"))
    #expect(!ended.errors.contains("costs money") && !ended.errors.contains("loading"))
  }

  @Test("nobody at the target: 4, and what to do")
  func unreachable() async throws {
    let ended = try await Command.run(
      "call", "--say", "Hello.", "--target", "ws://127.0.0.1:\(HeldPort.free())/v1/call")
    #expect(ended.status == 4)
    #expect(ended.errors.contains("nobody answers at http://127.0.0.1:"))
    #expect(ended.errors.contains("start a server there with `voiceforge serve`"))
  }

  @Test("a flow that the server does not have is named with those it has: 2")
  func unknownFlow() async throws {
    let ended = try await Command.run(
      "call", "--type", "hi", "--flow", "pizza", environment: ["VOICEFORGE_PORT": "\(HeldPort.free())"])
    #expect(ended.status == 2)
    #expect(ended.errors.contains("there is no pizza; there are appointment, order-status, reminder, support-triage"))
  }

  /// A file that cannot be a turn; `bytes` is `nil` when there is none.
  struct BadAudio: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]?
    let message: String
    var testDescription: String { name }
  }

  @Test(
    "audio that cannot be a turn is named with what to do: 2",
    arguments: [
      BadAudio(name: "missing.wav", bytes: nil, message: "there is no file"),
      BadAudio(name: ".", bytes: nil, message: "is a folder"),
      BadAudio(name: "empty.wav", bytes: [], message: "the file is empty"),
      BadAudio(
        name: "song.mp3", bytes: Array("ID3".utf8), message: "this is no sound file of a known kind; WAV, FLAC, MP3"),
      BadAudio(name: "broken.wav", bytes: Array("RIFF....WAVE".utf8), message: "the WAV file is damaged"),
      BadAudio(
        name: "silent.wav",
        bytes: WAVFile.bytes(PCMBuffer(sampleRate: 8000, samples: [Int16](repeating: 3, count: 8000))),
        message: "nothing can be heard"),
    ])
  func badAudio(_ audio: BadAudio) async throws {
    let scratch = try Scratch()
    if let bytes = audio.bytes { _ = try scratch.write(bytes, to: audio.name) }
    let ended = try await Command.run("call", "--audio", scratch.file(audio.name))
    #expect(ended.status == 2)
    #expect(ended.errors.hasPrefix("voiceforge: ") && ended.errors.contains(audio.message), "\(ended.errors)")
  }

  /// One side of a stereo file, by its bytes.
  private static func channel(_ channel: Int, of stereo: [UInt8]) -> [UInt8] {
    let samples = stride(from: 44 + channel * 2, to: stereo.count - 1, by: 4).map { at in
      Int16(bitPattern: UInt16(stereo[at]) | UInt16(stereo[at + 1]) << 8)
    }
    return WAVFile.bytes(PCMBuffer(sampleRate: 16_000, samples: samples))
  }
}
