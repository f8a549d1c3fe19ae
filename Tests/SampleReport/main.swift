import Foundation
import SampleRun
import Simulation

// Writes every report of the sample run into the folder that the first argument names: what the page tests look at.
guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: sample-report FOLDER\n".utf8))
  exit(2)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1])
let calls = folder.appending(path: "calls")
try FileManager.default.createDirectory(at: calls, withIntermediateDirectories: true)
let run = SampleRun.run(startedAt: 1_763_696_700_123_000)
try Data(JSONReport.bytes(of: run)).write(to: folder.appending(path: "report.json"))
try Data(JUnitReport.text(of: run).utf8).write(to: folder.appending(path: "junit.xml"))
try Data(HTMLReport.text(of: run, soundFolder: "calls").utf8).write(to: folder.appending(path: "report.html"))
for result in run.results {
  let name = String(result.fileName.prefix(80))
  try Data(AudacityLabels.text(of: result).utf8).write(to: calls.appending(path: "\(name).txt"))
  guard let tracks = result.evidence.tracks else { continue }
  try Data(CallSound.wav(of: tracks)).write(to: calls.appending(path: "\(name).wav"))
}
