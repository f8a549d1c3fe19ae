/// Writes a form with a file (RFC 7578).
struct MultipartBody {
  /// Where parts end: it must not stand in any of them. A sound could hold it by chance once in 2²⁵⁰ files.
  private static let boundary = "voiceforge-8f1c2a5e9b7d4c3e6a0f1b2d3c4e5f60"

  private(set) var bytes: [UInt8] = []

  /// The header field that goes with it.
  static var contentType: String { "multipart/form-data; boundary=\(boundary)" }

  mutating func add(_ name: String, _ text: String) {
    begin("form-data; name=\"\(name)\"", type: nil)
    bytes += Array("\(text)\r\n".utf8)
  }

  mutating func add(_ name: String, file: [UInt8], named fileName: String, type: String) {
    begin("form-data; name=\"\(name)\"; filename=\"\(fileName)\"", type: type)
    bytes += file
    bytes += Array("\r\n".utf8)
  }

  /// Nothing may be added after this.
  mutating func end() { bytes += Array("--\(Self.boundary)--\r\n".utf8) }

  private mutating func begin(_ disposition: String, type: String?) {
    let type = type.map { "content-type: \($0)\r\n" } ?? ""
    bytes += Array("--\(Self.boundary)\r\ncontent-disposition: \(disposition)\r\n\(type)\r\n".utf8)
  }
}
