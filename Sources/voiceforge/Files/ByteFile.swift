import Glibc

/// Whole files as bytes, by plain system calls: they work on pipes and on files of `/proc`, whose size is said to be 0.
enum ByteFile {
  /// What the system said.
  struct Fault: Error, CustomStringConvertible {
    /// As in `errno`.
    let code: Int32

    init(errno code: Int32) { self.code = code }

    var description: String { String(cString: strerror(code)) }
  }

  /// Reads a file to its end.
  /// - Parameters:
  ///   - name: its path; `-` is standard input.
  ///   - bytesMax: most bytes that are read; more is not an error.
  static func read(_ name: String, bytesMax: Int) throws(Fault) -> [UInt8] {
    let descriptor = name == "-" ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Fault(errno: errno) }
    defer { if name != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < bytesMax {
      let got = Glibc.read(descriptor, &piece, min(piece.count, bytesMax - bytes.count))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw Fault(errno: errno) }
      if got == 0 { break }
      bytes += piece.prefix(got)
    }
    return bytes
  }

  /// Writes all of `bytes` to an open file.
  static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Fault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written < 0, errno == EAGAIN {
        var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waited, 1, -1)
        continue
      }
      guard written > 0 else { throw Fault(errno: errno) }
      rest = rest.dropFirst(written)
    }
  }
}

/// Files written whole or not at all.
extension ByteFile {
  /// Writes a file whole or not at all: into a file beside it, which takes its name once all is on the disk. What had the name before is
  /// there unchanged until then, and after an error.
  ///
  /// A link stays, and the file that it leads to is replaced. A device, a pipe, and a file in a folder that takes no new ones are
  /// written in place.
  static func write(_ bytes: [UInt8], named name: String) throws(Fault) {
    var before = stat()
    let isThere = stat(name, &before) == 0
    guard !isThere || before.st_mode & S_IFMT == S_IFREG, let path = target(of: name, isThere: isThere) else {
      return try overwrite(bytes, name)
    }
    do throws(Fault) { try replace(path, with: bytes, like: isThere ? before : nil) } catch {
      guard isThere, [EACCES, EPERM, EROFS].contains(error.code) else { throw error }
      try overwrite(bytes, path)
    }
  }

  /// The path behind links; `nil` for a link that leads to nothing yet.
  private static func target(of name: String, isThere: Bool) -> String? {
    guard isThere else {
      var link = stat()
      return lstat(name, &link) == 0 ? nil : name
    }
    guard let path = realpath(name, nil) else { return name }
    defer { free(path) }
    return String(cString: path)
  }

  private static func replace(_ path: String, with bytes: [UInt8], like before: stat?) throws(Fault) {
    let (descriptor, temporary) = try makeBeside(path)
    var isKept = false
    defer { if !isKept { unlink(temporary) } }
    do throws(Fault) {
      try write(bytes, to: descriptor)
      if let before {
        // Only root may give a file away; another user's file becomes the writer's.
        _ = fchown(descriptor, before.st_uid, before.st_gid)
        guard fchmod(descriptor, before.st_mode & 0o7777) == 0 else { throw Fault(errno: errno) }
      }
      // Some file systems cannot, and then have nothing to wait for.
      guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw Fault(errno: errno) }
    } catch {
      close(descriptor)
      throw error
    }
    // Network file systems tell only now that the disk is full.
    guard close(descriptor) == 0 || errno == EINTR, rename(temporary, path) == 0 else { throw Fault(errno: errno) }
    isKept = true
  }

  /// Files of other runs that may lie about, whose process had the same id.
  private static let namesMax = 100

  /// A new file in the folder of `path`.
  private static func makeBeside(_ path: String) throws(Fault) -> (descriptor: Int32, path: String) {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    for number in 1...namesMax {
      let name = "\(folder).voiceforge-\(getpid())-\(number)"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (descriptor, name) }
      guard errno == EEXIST else { throw Fault(errno: errno) }
    }
    throw Fault(errno: EEXIST)
  }

  private static func overwrite(_ bytes: [UInt8], _ name: String) throws(Fault) {
    let descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Fault(errno: errno) }
    do throws(Fault) { try write(bytes, to: descriptor) } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 || errno == EINTR else { throw Fault(errno: errno) }
  }
}
