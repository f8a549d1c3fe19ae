import Glibc
import WebSockets

/// A folder with a few files, gone with the value.
final class TestPages {
  let root: String

  init() throws {
    var template = Array("/tmp/websockets-tests-XXXXXX".utf8CString)
    root = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
    }
    mkdir(root + "/web", 0o755)
    mkdir(root + "/web/sub", 0o755)
    for (name, text) in [
      ("secret.txt", "outside"), ("web/index.html", "<h1>page</h1>"), ("web/app.mjs", "export {}"),
      ("web/sub/index.html", "sub"), ("web/tone.wav", "RIFF0123456789"), ("web/.hidden", "dot"),
      ("web/site.webmanifest", "{}"),
    ] {
      let file = fopen(root + "/" + name, "w")
      fputs(text, file)
      fclose(file)
    }
    symlink(root + "/secret.txt", root + "/web/link.txt")
  }

  deinit {
    for name in [
      "secret.txt", "web/index.html", "web/app.mjs", "web/sub/index.html", "web/tone.wav", "web/.hidden",
      "web/site.webmanifest", "web/link.txt",
    ] { unlink(root + "/" + name) }
    for name in ["/web/sub", "/web", ""] { rmdir(root + name) }
  }

  func files() throws -> StaticFiles { try StaticFiles(root: root + "/web") }
}
