import CallCore
import JSON

/// The frame of a JUnit file with one suite: what simulations and load tests have in common.
package enum JUnitSuite {
  /// The whole file.
  /// - Parameters:
  ///   - name: of the suite, such as `voiceforge simulate`.
  ///   - time: in seconds, as XML wants it.
  ///   - started: in microseconds since 1970; 0: not told.
  ///   - margin: around the suite.
  ///   - cases: writes its properties and test cases.
  package static func text(
    _ name: String, tests: Int, failures: Int, errors: Int, skipped: Int = 0, time: String, started: Int64,
    margin: String = "", _ cases: (inout Markup) -> Void
  ) -> String {
    var xml = Markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    xml.element(
      "testsuites",
      ["name": "voiceforge", "tests": "\(tests)", "failures": "\(failures)", "errors": "\(errors)", "time": time]
    ) { xml in
      xml.verbatim(margin)
      xml.element(
        "testsuite",
        [
          "name": name, "tests": "\(tests)", "failures": "\(failures)", "errors": "\(errors)", "skipped": "\(skipped)",
          "time": time,
          "timestamp": started == 0 ? nil : String(UTCTime.text(unixMicroseconds: started).prefix(19)),
        ]
      ) { xml in
        cases(&xml)
        xml.verbatim("\n")
      }
      xml.verbatim(margin)
    }
    return xml.text + "\n"
  }
}
