import ArgumentParser
import JSON
import Formats
import LoadTest

/// How a load is told to another program: lines of JSON on standard output, as `LoadEvent` reads them.
enum LoadProgress: String, ExpressibleByArgument {
  case json

  /// The second that is over.
  static func showSecond(of progress: LoadRun.Progress) {
    guard let second = progress.standing.samples.last else { return }
    line("second") { LoadJSON.write(second, to: &$0) }
  }

  /// What came of the run, and the page.
  static func showEnd(_ result: LoadResult) {
    line("result") { LoadJSON.write(result, hasSeconds: false, to: &$0) }
    line("page") { $0.field("html", LoadHTML.text(of: result)) }
  }

  private static func line(_ type: String, _ members: (inout JSONWriter) -> Void) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", type)
      members(&writer)
    }
    Terminal.line(String(decoding: writer.bytes, as: UTF8.self))
  }
}
