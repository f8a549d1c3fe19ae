import CallCore
import Foundation
import Page
import SampleRun
import Simulation
import Testing

/// How the page looks and behaves in a browser is checked in `Tests/PageTests/test_report.py`.
@Suite("The report for people")
struct HTMLReportTests {
  @Test(
    "The page's policy knows its style and its script by their digests",
    arguments: [("style", ReportAssets.style), ("script", ReportAssets.script)])
  func digests(element: String, asset: InlineAsset) throws {
    let page = HTMLReport.text(of: SimulationRun(seed: 1, mode: .text))
    #expect(page.contains("<\(element)>\(asset.text)</\(element)>"))
    #expect(asset.digest == "sha256-\(try Self.sha256(asset.text).base64EncodedString())")
    #expect(HTMLReport.policy.contains("\(element)-src '\(asset.digest)';"))
  }

  @Test("The same run gives the same page")
  func equal() {
    #expect(HTMLReport.text(of: Self.silentRun()) == HTMLReport.text(of: Self.silentRun()))
  }

  @Test("What was said stays text")
  func hostile() {
    let page = HTMLReport.text(of: Self.silentRun())
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(page.components(separatedBy: "</script").count == 2)
    #expect(!page.contains("<img"))
    #expect(!page.contains("<b>bold"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
  }

  @Test("Words that were heard otherwise are marked")
  func words() {
    let page = HTMLReport.text(of: Self.silentRun())
    #expect(page.contains("<del title=\"said\">please</del><ins title=\"heard instead\">peas</ins>"))
    #expect(page.contains("<del title=\"said, not heard\">for</del>"))
    #expect(page.contains("<ins title=\"heard, not said\">please</ins>"))
    #expect(page.contains("<i class=\"slip\">uh</i>"))
  }

  @Test("Every answer of a judge is shown with its quote, its reason and its model")
  func judged() {
    let page = HTMLReport.text(of: Self.silentRun())
    #expect(page.contains("Judged by a language model") && page.contains(">stays polite</th>"))
    #expect(page.contains("“I can look that up”") && page.contains(">It is curt.</td>"))
    #expect(page.contains(">scripted, prompt 1</td>"))
    #expect(page.contains(">does not count: &lt;/script&gt;"))
    #expect(page.contains(">not-asked</td>"))
  }

  @Test("A run without a call is a page, too")
  func empty() {
    #expect(HTMLReport.text(of: SimulationRun(seed: 1, mode: .text)).contains("No call was held"))
  }

  @Test("Too much sound leaves out what passed, and says where it is")
  func soundLimit() {
    let seconds = 16 * 60  // 61 MB
    let tracks = CallTracks(
      voice: [], microphone: [], agent: [Int16](repeating: 0, count: seconds * CallTracks.sampleRate))
    let short = CallTracks(voice: [], microphone: [], agent: [1, 2, 3])
    var run = Self.silentRun()
    for place in run.results.indices {
      run.results[place].evidence.tracks = place == 0 ? tracks : short
    }
    let choice = SoundChoice(run)
    #expect(
      run.results.indices.filter(choice.holds) == run.results.indices.filter { run.results[$0].verdict != .passed })
    let page = HTMLReport.text(of: run, soundFolder: "calls")
    #expect(page.components(separatedBy: "<audio").count == 6)
    #expect(page.contains("holds 32 MB of it, failed calls first. <a href=\"calls/orders+status.wav\">"))
    run.results[0].evidence.tracks = short
    #expect(run.results.indices.allSatisfy(SoundChoice(run).holds))
  }

  @Test("A call whose sound was put away is shown as before")
  func keptSound() throws {
    let run = SampleRun.run()
    let whole = HTMLReport.text(of: run, soundFolder: "calls")
    var kept = run
    var sounds: [String: [UInt8]] = [:]
    for place in kept.results.indices {
      guard let tracks = kept.results[place].evidence.tracks else { continue }
      sounds[kept.results[place].fileName] = CallSound.wav(of: tracks)
      kept.results[place].evidence.outline = SoundOutline(tracks)
      kept.results[place].evidence.tracks = nil
    }
    #expect(sounds.count > 1 && whole.contains("<audio"))
    // No `==` in the expectation: it would print both pages.
    let isSame = HTMLReport.text(of: kept, soundFolder: "calls") { sounds[$0.fileName] } == whole
    #expect(isSame)
    let isWithout = HTMLReport.text(of: kept, soundFolder: "calls") { _ in nil }.contains("<audio")
    #expect(!isWithout)
  }

  @Test(
    "Base64 as RFC 4648 shows it",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")])
  func base64(bytes: String, expected: String) {
    #expect(Base64.text(of: Array(bytes.utf8)) == expected)
  }

  /// The sample run without its sound, which takes long to write where nothing is optimised.
  private static func silentRun() -> SimulationRun {
    var run = SampleRun.run()
    for place in run.results.indices { run.results[place].evidence.tracks = nil }
    return run
  }

  private static func sha256(_ text: String) throws -> Data {
    let program = Process()
    program.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    program.arguments = ["sha256sum"]
    let (input, output) = (Pipe(), Pipe())
    program.standardInput = input
    program.standardOutput = output
    try program.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let digits = Array(output.fileHandleForReading.readDataToEndOfFile().prefix(64))
    program.waitUntilExit()
    return Data(
      stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
      })
  }
}
