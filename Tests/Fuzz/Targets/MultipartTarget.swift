import Formats

/// Forms with files: the first line is the header `Content-Type`, the rest the body.
final class MultipartTarget: FuzzTarget {
  static let name = "multipart"

  func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let contentType = String(decoding: input.bytes(until: UInt8(ascii: "\n")), as: UTF8.self)
    let body = input.remainder()
    if let form = try? MultipartForm(parsing: body, contentType: contentType) {
      for name in ["file", "model", "language", "response_format"] { _ = try? form.text(name) }
    }
    if let upload = try? SoundUpload(parsing: body, contentType: contentType) {
      require(!upload.file.isEmpty && upload.file.count <= body.count, "a file is a part of the body")
    }
    _ = try? TranscriptionRequest(parsing: body, contentType: contentType)
  }
}
