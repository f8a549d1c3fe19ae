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
