import CMediaLimit
import CallCore
import CallDriver
import Engines
import Foundation

/// What one frame of a call costs, without a socket: for callgrind, which counts its instructions, and beside it the least that any
/// server must do.
///
///     frame-path listening|agent|caller|telephone|keys FRAMES    drives one call over so many frames of 20 ms
///     frame-path limit CALLS SECONDS              nanoseconds of a plain loop of `opus_decode` and a socket write, for each frame of so
///                                                 many calls in real time; with 0 seconds as fast as can be
///     frame-path understand WORDS TIMES           understands lines of so many words, each so many times
///     frame-path engines                          nanoseconds of the speech engines alone for a second of silence, and for a turn
@main
enum FramePath {
  private static let wordsMax = 1000

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let folder = EngineFolder(environment: ProcessInfo.processInfo.environment)
    if arguments == ["engines"] {
      let cost = try EngineCost(folder: folder)
      return print(Int(cost.silence), Int(cost.turn))
    }
    switch (arguments.first, arguments.dropFirst().first.flatMap { Int($0) }) {
    case ("limit", let calls?) where (1...FrameLine.framesMax).contains(calls):
      guard let seconds = arguments.dropFirst(2).first.flatMap({ Int32($0) }), (0...3600).contains(seconds) else {
        usage()
      }
      try limit(calls: Int32(calls), seconds: seconds)
    case ("understand", let words?) where (1...wordsMax).contains(words):
      guard let times = arguments.dropFirst(2).first.flatMap({ Int($0) }), (1...1000).contains(times) else { usage() }
      print(LongLines.understand(words: words, times: times), "values")
    case (let name?, let frames?) where (1...FrameLine.framesMax).contains(frames):
      guard let scene = FrameScene(rawValue: name) else { usage() }
      let line = try FrameLine(scene, folder: folder)
      try line.run(frames)
      print("\(scene.rawValue): \(frames) frames, \(line.sent) packets of the agent")
    default: usage()
    }
  }

  private static func usage() -> Never {
    FileHandle.standardError.write(
      Data(
        ("usage: frame-path listening|agent|caller|telephone|keys FRAMES, frame-path limit CALLS SECONDS, "
          + "frame-path understand WORDS TIMES, or frame-path engines\n").utf8)
    )
    exit(2)
  }

  private static func limit(calls: Int32, seconds: Int32) throws {
    let noise = try AudioCodecCatalog().makeEncoder(FrameLine.format).encode(FrameSounds.hiss(seconds: 10))
    let nanoseconds = media_limit_nanoseconds(
      noise.bytes, noise.packetEnds, Int32(noise.packetCount), calls, seconds)
    guard nanoseconds > 0 else { throw EngineError.library(function: "media_limit_nanoseconds", code: -1) }
    print(Int(nanoseconds))
  }
}
