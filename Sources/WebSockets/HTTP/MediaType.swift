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
