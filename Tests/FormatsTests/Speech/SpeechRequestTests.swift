import CallCore
import JSON
import Formats
import Testing

@Suite("Requests for speech and transcripts")
struct SpeechRequestTests {
  @Test("the members of OpenAI's request, and its defaults here")
  func request() throws {
    let least = try SpeechRequest(parsing: Array("{\"model\":\"hibari\",\"input\":\"Hi\",\"voice\":\"heart\"}".utf8))
    #expect(least == SpeechRequest(input: "Hi", voice: "heart"))
    #expect(least.format == .mp3 && least.ratePercent == 100)
    let full = try SpeechRequest(
      parsing: Array(
        ("{\"model\":\"tts-1-hd\",\"input\":\"Hi\",\"voice\":{\"id\":\"heart-low\"},\"response_format\":\"opus\","
          + "\"speed\":0.25,\"instructions\":\"calm\",\"stream_format\":\"audio\"}").utf8))
    #expect(full.voice == "heart-low" && full.format == .opus && full.ratePercent == 25)
  }

  @Test(
    "marks of SSML are read where the request says that there are some, and are words elsewhere",
    arguments: ["\"ssml\":true,", "\"ssml\":false,", ""])
  func marks(member: String) throws {
    let json = "{\(member)\"model\":\"hibari\",\"input\":\"Hi<break/> you\",\"voice\":\"heart\"}"
    let request = try SpeechRequest(parsing: Array(json.utf8))
    #expect(request.input == "Hi<break/> you")
    #expect(try request.ssml == (member.contains("true") ? SSMLText("Hi<break/> you") : nil))
    let say = try SayRequest(parsing: Array("{\(member)\"text\":\"Hi<break/> you\"}".utf8), defaultVoice: "heart")
    #expect(say.ssml == request.ssml)
  }

  @Test(
    "marks that are not understood, and marks without words, are refused with the member's name",
    arguments: [
      ("\"Hi <audio/>\"", "speech.input: not SSML as it is understood here: `<audio>` at character 4"),
      ("\"<break/>\"", "speech.input: expected something to say"), ("\"a & b\"", "write `&amp;`"),
    ])
  func badMarks(input: String, message: String) {
    let json = "{\"ssml\":true,\"model\":\"hibari\",\"input\":\(input),\"voice\":\"heart\"}"
    let fault = #expect(throws: OpenAIFault.self) { try SpeechRequest(parsing: Array(json.utf8)) }
    #expect("\(fault.map { "\($0)" } ?? "")".contains(message))
  }

  @Test("every one of OpenAI's voices is spoken by another one of ours")
  func aliases() {
    #expect(Set(SpeechRequest.aliases.values).count == SpeechRequest.aliases.count)
    #expect(SpeechRequest.aliases["alloy"] != nil)
  }

  @Test("subtitles have hours, and an arrow in the words is no time")
  func subtitles() {
    var transcript = Transcript(duration: .seconds(4000))
    transcript.segments = [
      .init(start: .milliseconds(5), end: .milliseconds(1500), text: "One."),
      .init(start: .milliseconds(3_661_007), end: .milliseconds(3_662_000), text: "a --> b"),
    ]
    #expect(
      String(decoding: transcript.written(as: .srt), as: UTF8.self)
        == "1\n00:00:00,005 --> 00:00:01,500\nOne.\n\n2\n01:01:01,007 --> 01:01:02,000\na → b\n")
    #expect(
      String(decoding: transcript.written(as: .vtt), as: UTF8.self)
        == "WEBVTT\n\n00:00:00.005 --> 00:00:01.500\nOne.\n\n01:01:01.007 --> 01:01:02.000\na → b\n")
    #expect(String(decoding: transcript.written(as: .text), as: UTF8.self) == "One. a --> b\n")
    #expect(transcript.written(as: .json) == Array("{\"text\":\"One. a --> b\"}".utf8))
  }
}
