import CallCore
import JSON

/// The frame of a JUnit file with one suite: what simulations and load tests have in common.
package struct JUnitSuite {
  /// Of the suite, such as `voiceforge simulate`.
  let name: String
  let tests: Int
  let failures: Int
  let errors: Int
  let skipped: Int
  /// In seconds, as XML wants it.
  let time: String
  /// 0: not told.
  let startedAtUnixMicroseconds: Int64

  package init(
    _ name: String, tests: Int, failures: Int, errors: Int, skipped: Int = 0, time: String,
    startedAtUnixMicroseconds: Int64
  ) {
    (self.name, self.tests, self.failures, self.errors) = (name, tests, failures, errors)
    (self.skipped, self.time, self.startedAtUnixMicroseconds) = (skipped, time, startedAtUnixMicroseconds)
  }

  /// The whole file.
  /// - Parameters:
  ///   - margin: around the suite.
  ///   - cases: writes its properties and test cases.
  package func text(margin: String = "", _ cases: (inout Markup) -> Void) -> String {
    var xml = Markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    let started = startedAtUnixMicroseconds
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
