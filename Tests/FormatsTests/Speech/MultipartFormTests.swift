import Formats
import Testing
import TestSupport

@Suite("Forms with files")
struct MultipartFormTests {
  private static let type = "multipart/form-data; boundary=xyz"
  private static let form = Array(
    ("preamble\r\n--xyz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"
      + "--xyz\r\ncontent-disposition: form-data; filename=\"a; \\\"b\\\".wav\"; name=\"file\"\r\n"
      + "content-type: audio/wav\r\n\r\nRIFF\r\n--xy\r\nmore\r\n--xyz\r\ncontent-disposition: form-data; name=empty\r\n\r\n"
      + "\r\n--xyz--\r\n").utf8)

  @Test("fields, files with odd names, and contents that look like a boundary")
  func parts() throws {
    let form = try MultipartForm(parsing: Self.form, contentType: Self.type)
    #expect(form.parts.map(\.name) == ["model", "file", "empty"])
    #expect(try form.text("model") == "whisper-1")
    #expect(form["file"]?.fileName == "a; \"b\".wav")
    #expect(form["file"].map { String(decoding: $0.content, as: UTF8.self) } == "RIFF\r\n--xy\r\nmore")
    #expect(try form.text("empty") == "")
    #expect(try form.text("nothing") == nil)
    let quoted = try MultipartForm(
      parsing: Self.form, contentType: "Multipart/Form-Data; charset=utf-8; boundary=\"xyz\"")
    #expect(quoted.parts.count == 3)
  }

  @Test(
    "boundaries that repeat themselves, in contents of their own beginnings",
    arguments: ["-", "----x", "-x-x-y", "aab"])
  func repeating(boundary: String) throws {
    for length in 0...40 {
      let content = String(String(repeating: "\r\n--" + boundary.dropLast(), count: 10).prefix(length)) + "\r\n--"
      guard !content.contains("\r\n--\(boundary)") else { continue }
      let text =
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\(content)\r\n--\(boundary)--\r\n"
      let form = try MultipartForm(
        parsing: Array(text.utf8), contentType: "multipart/form-data; boundary=\"\(boundary)\"")
      #expect(try form.text("a") == content, "\(length)")
    }
  }

  @Test("a form that was cut off anywhere is refused")
  func truncated() {
    for length in 0..<(Self.form.count - 4) {
      #expect(throws: MultipartFault.self) {
        _ = try MultipartForm(parsing: Array(Self.form[..<length]), contentType: Self.type)
      }
    }
  }

  @Test(
    "content types without a form or a boundary",
    arguments: [
      "", "application/json", "multipart/form-data", "multipart/form-data; boundary=",
      "multipart/form-data; boundary=other",
      "multipart/form-data; boundary=" + String(repeating: "x", count: 71),
    ])
  func contentType(type: String) {
    #expect(throws: MultipartFault.self) { _ = try MultipartForm(parsing: Self.form, contentType: type) }
  }

  @Test("parts without a name, with too long a head, and too many of them")
  func badParts() {
    let heads = [
      "", "content-type: a/b\r\n", "content-disposition: form-data\r\n",
      "x: \(String(repeating: "y", count: 5000))\r\n",
    ]
    for head in heads {
      #expect(throws: MultipartFault.self) {
        _ = try MultipartForm(parsing: Array("--xyz\r\n\(head)\r\nbody\r\n--xyz--".utf8), contentType: Self.type)
      }
    }
    let part = "--xyz\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n"
    let many = String(repeating: part, count: MultipartForm.partsMax + 1) + "--xyz--"
    #expect(throws: MultipartFault.self) { _ = try MultipartForm(parsing: Array(many.utf8), contentType: Self.type) }
  }

  @Test("random bytes, and forms with random bytes changed, are read or refused, and nothing traps")
  func random() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<3000 {
      var bytes = Self.form
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      do throws(MultipartFault) {
        let form = try MultipartForm(parsing: bytes, contentType: Self.type)
        #expect(form.parts.count <= MultipartForm.partsMax)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}
