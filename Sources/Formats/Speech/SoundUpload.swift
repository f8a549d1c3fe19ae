import JSON

/// A sound in the body of a request: as a form with a file, or alone.
public struct SoundUpload: Sendable {
  /// The file as it came; not empty.
  public var file: [UInt8]
  /// The other fields of the form.
  public var form: MultipartForm?

  /// Names that a file's field may have; the first one found is taken.
  private static let names = ["file", "audio", "audio_file", "reference", "reference_audio", "sample"]

  /// - Parameter contentType: the header field.
  public init(parsing body: [UInt8], contentType: String) throws(MultipartFault) {
    let type = contentType.lowercased()
    if ["audio/", "video/", "application/octet-stream"].contains(where: type.hasPrefix) {
      file = body
    } else {
      guard type.hasPrefix("multipart/form-data") else {
        throw MultipartFault(
          "expected Content-Type multipart/form-data with a file, or audio/… with the file alone, got \(contentType.quoted)"
        )
      }
      let form = try MultipartForm(parsing: body, contentType: contentType)
      guard let part = Self.names.lazy.compactMap({ form[$0] }).first else {
        throw MultipartFault("file: expected a file, got none")
      }
      file = Array(part.content)
      self.form = form
    }
    guard !file.isEmpty else { throw MultipartFault("file: the file is empty") }
  }
}
