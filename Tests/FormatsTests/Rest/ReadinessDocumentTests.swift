import CallCore
import Formats
import JSON
import Testing

@Suite("The readiness document")
struct ReadinessDocumentTests {
  @Test("files are told of by their names, because anybody may ask")
  func names() throws {
    let parts = [
      EngineReadiness(name: "recognizer", state: .failed, detail: "cannot load /srv/engines/x.ort; run `doctor`"),
      EngineReadiness(name: "model:ear", state: .loading, isNeeded: false),
    ]
    let document = JSONObject.readiness(
      .failed, parts: parts, historyTrouble: nil, storeTroubles: [:], callsOff: nil, standingThreads: [:], node: "one",
      isDraining: false)
    let found = try JSONValue(parsing: Array(document.jsonText.utf8))
    #expect(found.text(at: "parts.0.detail") == "cannot load x.ort; run `doctor`")
    #expect(found.text(at: "parts.1.state") == "loading")
  }

  @Test(
    "a text without folders",
    arguments: [
      ("/srv/models/ear/model.yaml:4:3: `files` has no tokens", "model.yaml:4:3: `files` has no tokens"),
      ("there is no file `/srv/m/x.onnx`, or (/tmp/y)", "there is no file `x.onnx`, or (y)"),
      ("/srv/a.onnx cannot be loaded\n/srv/b.onnx, too", "a.onnx cannot be loaded\nb.onnx, too"),
      ("http://host/v1 does not answer; and/or a/b", "http://host/v1 does not answer; and/or a/b"),
      ("error:/srv/c.onnx", "error:c.onnx"), ("/", "/"), ("", ""), (" / ", " / "),
    ])
  func withoutFolders(text: String, expected: String) { #expect(text.withoutFolders == expected) }
}
