import CallCore
import SampleRun
import Simulation
import Testing

/// That the XML fits the schema is checked in `Tests/PageTests/test_report_files.py`.
@Suite("The report for CI servers")
struct JUnitReportTests {
  @Test("Counts, classes, failures, errors and what was not run")
  func cases() {
    let xml = JUnitReport.text(of: SampleRun.run())
    #expect(xml.contains("tests=\"11\" failures=\"3\" errors=\"2\" skipped=\"1\""))
    #expect(xml.contains("classname=\"Samples.testcases.appointment\" name=\"booking/interrupts (attempt 1 of 2)\""))
    #expect(
      xml.contains(
        "<failure type=\"yield\" message=\"turn 2, yield: expected: the agent silent within 2000 ms; found: 2340 ms\">")
    )
    #expect(xml.contains("at 0:17.175 (Samples/testcases/appointment.yaml:44)"))
    #expect(xml.contains("<error type=\"line\""))
    #expect(xml.contains("<skipped "))
    #expect(
      xml.contains("replay: voiceforge simulate Samples/testcases --filter &#39;booking/interrupts&#39; --seed 1"))
    #expect(xml.contains("<property name=\"seed\" value=\"18446744073709551609\"/>"))
    #expect(!xml.contains("timestamp="))
  }

  @Test("What was judged stands in the words of the case, with who answered")
  func judged() {
    let xml = JUnitReport.text(of: SampleRun.run())
    #expect(
      xml.contains(
        "judged: “stays polite”: yes, by “What can I do for you” (It asks.) in 3 votes [scripted, prompt 1]"))
    #expect(xml.contains("judged (never): “"))
  }

  @Test("Nothing that XML forbids is in it, and what was said opens no element")
  func hostile() {
    let xml = JUnitReport.text(of: SampleRun.run())
    let allowed: (Unicode.Scalar) -> Bool = {
      $0 == "\t" || $0 == "\n" || $0 == "\r" || (0x20...0xFFFD).contains($0.value) || $0.value >= 0x10000
    }
    #expect(xml.unicodeScalars.allSatisfy(allowed))
    #expect(!xml.contains("<script"))
    #expect(!xml.contains("]]>"))
    #expect(xml.contains("␀␛[31m"))
  }

  @Test(
    "The file becomes a class that servers can take apart",
    arguments: [
      ("Samples/testcases/order.yaml", "Samples.testcases.order"), ("./a/b.c/d.json", "a.b_c.d"),
      ("../x.yml", "x"), ("plain", "plain"), (".hidden", ".hidden".replacing(".", with: "_")), ("", "flow"),
    ])
  func classes(file: String, expected: String) {
    var test = TestCase(id: "x", agent: TestAgent(flow: "flow"), turns: [])
    test.source = CaseSource(file: file, line: 1)
    #expect(JUnitReport.className(of: test) == expected)
  }
}
