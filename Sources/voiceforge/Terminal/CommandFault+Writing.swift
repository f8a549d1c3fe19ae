import Glibc

extension CommandFault {
  /// What could not be written: a place that does not take it is wrong input, anything else (a full disk) a failure.
  /// - Parameters:
  ///   - name: a path, or what else is written to.
  ///   - remedy: what else to name, such as `another folder with --report`.
  init(writing name: String, _ fault: ByteFile.Fault, else remedy: String = "another file") {
    switch fault.code {
    case ENOSPC, EDQUOT:
      self.init("cannot write \(name): \(fault); free some space there, or name \(remedy)", .failed)
    case EFBIG:
      self.init("cannot write \(name): \(fault); raise the limit of `ulimit -f`, or name \(remedy)", .failed)
    case EACCES, EPERM, EROFS, ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP:
      self.init("cannot write \(name): \(fault); name \(remedy)")
    default:
      self.init("cannot write \(name): \(fault); name \(remedy)", .failed)
    }
  }
}
