/// A form with a file as clients send it.
struct SpeechForm {
  static let boundary = "----a-boundary"
  static let type = "multipart/form-data; boundary=\(boundary)"

  var fields: [(name: String, value: [UInt8])] = []
  var file: [UInt8]?
  var fileField = "file"

  init(_ fields: [String: String] = ["model": "whisper-1"], file: [UInt8]? = nil) {
    self.fields = fields.map { ($0.key, Array($0.value.utf8)) }
    self.file = file
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in fields {
      bytes += Array("--\(Self.boundary)\r\ncontent-disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8)
      bytes += value + [13, 10]
    }
    if let file {
      let disposition = "content-disposition: form-data; name=\"\(fileField)\"; filename=\"a \\\"b\\\"; c.wav\""
      bytes += Array("--\(Self.boundary)\r\n\(disposition)\r\ncontent-type: audio/wav\r\n\r\n".utf8)
      bytes += file + [13, 10]
    }
    return bytes + Array("--\(Self.boundary)--\r\n".utf8)
  }
}
