import CallDriver
import Engines

/// What the child that decodes files answers: a file that took it over may have it answer anything.
final class DecoderTarget: FuzzTarget {
  static let name = "decoder-answers"

  func run(_ bytes: [UInt8]) {
    guard let response = FFmpegResponse(bytes) else { return }
    switch response {
    case .sound(let sound):
      require((1...WAVFile.channelsMax).contains(sound.channels), "there are as many channels as are taken")
      require(sound.sampleRate > 0 && sound.audio.sampleRate > 0, "there are rates")
      require(sound.audio.samples.count <= bytes.count / 2, "no sound is longer than its bytes")
    case .version(let text), .fault(let text), .unavailable(let text):
      // What is no UTF-8 is replaced by characters of three bytes.
      require(text.utf8.count <= 3 * FFmpegResponse.textBytesMax, "no text is longer than a sentence")
      guard text.utf8.count <= FFmpegResponse.textBytesMax else { return }
    case .file: break
    }
    require(FFmpegResponse(response.bytes) == response, "an answer is read as it was written")
  }

  static var binarySeeds: [BinarySeed] {
    let sound = DecodedSound(
      audio: PCMBuffer(sampleRate: 16_000, samples: [1, -1, 300]), sampleRate: 44_100, channels: 2)
    let answers: [(String, FFmpegResponse)] = [
      ("version", .version("5.1.9")), ("sound", .sound(sound)), ("file", .file([1, 2, 3])),
      ("fault", .fault("the file is damaged")), ("unavailable", .unavailable("libavutil.so.57")),
    ]
    return answers.map { BinarySeed($0, $1.bytes) }
  }
}
