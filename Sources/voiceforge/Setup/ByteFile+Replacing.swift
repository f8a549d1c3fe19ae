import Glibc

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
