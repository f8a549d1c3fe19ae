import CLibwebsockets
import Glibc

/// Serves the files below one folder, or files that are in memory.
///
/// Nothing outside the folder is served, whatever dots, percent signs or symbolic links a path holds. Every answer has an
/// `ETag`; the browser asks again each time (`no-cache`) and mostly gets 304, so a new page shows at once.
public struct StaticFiles: HTTPHandler {
  private enum Source {
    case folder(String)
    /// By path below the root, without a slash in front.
    case memory([String: File])
  }

  private struct File {
    let tag: String
    let bytes: [UInt8]
  }

  private let source: Source

  /// Largest file served. Answers are held in memory while they are written.
  private static let fileBytesMax = 64 << 20

  /// - Parameter root: an existing folder; relative paths start at the working directory.
  public init(root: String) throws(WebSocketError) {
    guard let resolved = Self.resolved(root) else { throw .system(call: "realpath \(root)", errno: errno) }
    source = .folder(resolved)
  }

  /// - Parameter files: by path below the root, such as `css/page.css`.
  public init(_ files: [String: [UInt8]]) {
    source = .memory(files.mapValues { File(tag: Self.tag(of: $0), bytes: $0) })
  }

  /// Answers with the file, or 404.
  public func respond(to request: HTTPRequest, reply: HTTPReply) {
    reply.send(response(to: request) ?? .problem(status: 404, detail: "nothing is at \(request.path)"))
  }

  /// - Returns: nil when there is no such file; a folder's file is its `index.html`.
  public func response(to request: HTTPRequest) -> HTTPResponse? {
    switch source {
    case .folder(let root): response(to: request, below: root)
    case .memory(let files): response(to: request, of: files)
    }
  }

  private func response(to request: HTTPRequest, of files: [String: File]) -> HTTPResponse? {
    let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    let path = parts.joined(separator: "/") + (parts.last?.isEmpty == true ? "index.html" : "")
    guard request.path.first == "/", let file = files[path] else { return nil }
    return Self.rejectMethod(of: request)
      ?? Self.unchanged(file.tag, request) ?? Self.response(request, path: path, tag: file.tag, body: file.bytes)
  }

  private func response(to request: HTTPRequest, below root: String) -> HTTPResponse? {
    guard let path = Self.filePath(for: request.path, below: root) else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.fileBytesMax
    else {
      return nil
    }
    if let refusal = Self.rejectMethod(of: request) { return refusal }
    let tag = Self.tag(of: status)
    if let unchanged = Self.unchanged(tag, request) { return unchanged }
    guard let body = Self.contents(of: descriptor, count: Int(status.st_size)) else { return nil }
    return Self.response(request, path: path, tag: tag, body: body)
  }

  private static func rejectMethod(of request: HTTPRequest) -> HTTPResponse? {
    guard request.method != "GET", request.method != "HEAD" else { return nil }
    var answer = HTTPResponse.problem(status: 405, detail: "files can only be read")
    answer.headers.append(("allow", "GET, HEAD"))
    return answer
  }

  private static func headers(_ tag: String) -> [(name: String, value: String)] {
    [("etag", tag), ("cache-control", "no-cache")]
  }

  private static func unchanged(_ tag: String, _ request: HTTPRequest) -> HTTPResponse? {
    matches(tag, request.headers["if-none-match"]) ? HTTPResponse(status: 304, headers: headers(tag)) : nil
  }

  private static func response(_ request: HTTPRequest, path: String, tag: String, body: [UInt8]) -> HTTPResponse {
    let type = MediaType.of(path: path)
    return HTTPResponse(status: 200, headers: headers(tag) + [("content-type", type)], body: body).ranged(by: request)
  }

  /// Hidden files and `..` are refused by name, links out of the folder by where they lead.
  private static func filePath(for path: String, below root: String) -> String? {
    let parts = path.split(separator: "/")
    guard path.first == "/", !path.utf8.contains(0), parts.allSatisfy({ $0.first != "." }) else { return nil }
    guard let file = resolved(([Substring(root)] + parts).joined(separator: "/")) else { return nil }
    guard file == root || file.hasPrefix(root + "/") else { return nil }
    var status = stat()
    guard stat(file, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR ? file + "/index.html" : file
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Size and time of the last change, to the nanosecond.
  private static func tag(of status: stat) -> String {
    let time = status.st_mtim
    return
      "\"\(String(status.st_size, radix: 16))-\(String(time.tv_sec, radix: 16))-\(String(time.tv_nsec, radix: 16))\""
  }

  /// FNV-1a of the contents.
  private static func tag(of bytes: [UInt8]) -> String {
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return "\"\(String(bytes.count, radix: 16))-\(String(hash, radix: 16))\""
  }

  private static func matches(_ tag: String, _ condition: String?) -> Bool {
    guard let condition else { return false }
    return condition.split(separator: ",").contains { candidate in
      let plain = candidate.drop { $0 == " " }
      return plain == "*" || plain == tag || plain == "W/\(tag)"
    }
  }

  private static func contents(of descriptor: Int32, count: Int) -> [UInt8]? {
    var isComplete = true
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = read(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled)
        if got < 0, errno == EINTR { continue }
        if got <= 0 { break }
        filled += got
      }
      isComplete = filled == count
    }
    return isComplete ? bytes : nil
  }
}

/// Content types by file name ending.
enum MediaType {
  static func of(path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
    return types[name[name.index(after: dot)...].lowercased()] ?? "application/octet-stream"
  }

  /// Module workers and worklets load only what is called JavaScript; `nosniff` forbids guessing.
  private static let types: [String: String] = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "json": "application/json",
    "map": "application/json", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "ico": "image/x-icon",
    "webp": "image/webp", "wav": "audio/wav", "opus": "audio/ogg", "ogg": "audio/ogg", "mp3": "audio/mpeg",
    "wasm": "application/wasm", "webmanifest": "application/manifest+json", "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8", "yaml": "application/yaml", "yml": "application/yaml",
    "woff2": "font/woff2",
  ]
}
