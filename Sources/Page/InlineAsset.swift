import CPage

/// Embedded files as one text that a report carries within it, with the digest by which its policy lets that run and nothing else.
public struct InlineAsset: Sendable {
  /// The files, one after the other.
  public let text: String
  /// Of `text`, as a `Content-Security-Policy` writes it: `sha256-` and base64.
  public let digest: String

  /// - Parameter paths: of files from the repository's root, such as `web/report/base.css`. They must be there: `embed.py` names them.
  public init(_ paths: String...) {
    let bytes = paths.flatMap { path in
      guard let bytes = EmbeddedFiles.bytes(of: path) else { preconditionFailure("\(path) is not embedded") }
      return bytes
    }
    text = String(decoding: bytes, as: UTF8.self)
    digest = "sha256-\(Self.digest(of: bytes))"
  }

  /// SHA-256 in base64.
  private static func digest(of bytes: [UInt8]) -> String {
    let size = 45  // 32 bytes take 44 characters; the zero byte of C follows
    let characters = [UInt8](unsafeUninitializedCapacity: size) { text, count in
      embedded_digest(bytes, bytes.count, text.baseAddress)
      count = size - 1
    }
    return String(decoding: characters, as: UTF8.self)
  }
}
