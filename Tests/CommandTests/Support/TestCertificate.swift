import Foundation

/// A certificate for `localhost` and 127.0.0.1 that nobody has signed but itself, made anew by `openssl`.
struct TestCertificate {
  /// Whether there is an `openssl` to make one.
  static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

  let folder: Scratch
  var certificate: String { folder.path + "/cert.pem" }
  var key: String { folder.path + "/key.pem" }

  init() async throws {
    folder = try Scratch()
    let command = try Command(
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
        folder.path + "/key.pem",
        "-out", folder.path + "/cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
      ], program: URL(filePath: "/usr/bin/openssl"))
    guard try await command.end(within: .seconds(20)).status == 0 else { throw Failed() }
  }

  struct Failed: Error {}
}
