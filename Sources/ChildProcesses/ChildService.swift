import CChildProcesses
import Glibc
import Threads

/// The child's side: answers the requests of the program that started it, one after the other.
public enum ChildService {
  /// Serves until the other end of the socket is closed, also in the middle of a request. Must be called before anything else: it sets the
  /// limits of this process.
  ///
  /// - Parameters:
  ///   - limits: those that the pool was made with.
  ///   - isConfined: whether the process, once `start` is done, is left nothing but memory, time and its socket: no file, no other socket,
  ///     no other process. Where the kernel cannot do that, it ends.
  ///   - start: what is done before the first request; when it ends the process, no request is to blame.
  ///   - answer: gives the answer to a request; a process that cannot go on just ends.
  public static func run(
    limits: ChildLimits, isConfined: Bool = false, start: () -> Void = {}, answer: ([UInt8]) -> [UInt8]
  ) -> Never {
    let descriptor = takeSocket()
    setLimits(limits)
    endWithSocket(descriptor)
    let socket = MessageSocket(descriptor: descriptor)
    let wait = { (events: Int32) in
      var waited = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      poll(&waited, 1, -1)
    }
    start()
    // A sanitizer looks at its own memory through /proc.
    if isConfined, !child_has_sanitizer(), child_confine() != 0 { _exit(2) }
    do throws(MessageSocket.Fault) {
      try socket.send([], wait: wait)
      while true {
        let request = try socket.receive(bytesMax: limits.requestBytesMax, wait: wait)
        try socket.send(answer(request), wait: wait)
      }
    } catch {
      // The other end is closed, or does not speak as agreed: nobody is there to be told.
      _exit(0)
    }
  }

  /// Moves the socket away from standard input and output, so that what a library prints is no message.
  private static func takeSocket() -> Int32 {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
      let note = "this command is for the program's own use\n"
      _ = write(STDERR_FILENO, note, note.utf8.count)
      _exit(2)
    }
    let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0, nowhere >= 0, dup2(nowhere, STDIN_FILENO) == 0, dup2(nowhere, STDOUT_FILENO) == 1 else {
      _exit(2)
    }
    close(nowhere)
    return descriptor
  }

  /// No more memory than allowed, no file written, no rights gained, no memory image of what a stranger's text did.
  private static func setLimits(_ limits: ChildLimits) {
    guard child_drop_privileges() == 0 else { _exit(2) }
    set(RLIMIT_CORE, 0)
    set(RLIMIT_FSIZE, 0)
    signal(SIGXFSZ, SIG_IGN)  // a write just fails
    if !child_has_sanitizer() { set(RLIMIT_AS, limits.memoryBytesMax) }
  }

  private static func set(_ resource: __rlimit_resource, _ value: Int) {
    var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
    // A limit that is lower already stays as it is.
    _ = setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
  }

  /// A thread that waits for the other end to close: a child that is busy with a request does not outlive its program either.
  private static func endWithSocket(_ descriptor: Int32) {
    do throws(Thread.Failure) {
      try Thread.startDetached("socket-end") {
        var waited = pollfd(fd: descriptor, events: 0, revents: 0)
        while poll(&waited, 1, -1) <= 0 {}
        _exit(0)
      }
    } catch { _exit(2) }
  }
}
