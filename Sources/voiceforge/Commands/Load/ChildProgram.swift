import ChildProcesses
import CallServer
import FoundationEssentials
import Glibc

/// This program once more, in a process of its own.
struct ChildProgram {
  let id: pid_t
  /// Where its standard input is written; the program that is started with `--stop-with-input` stops when this is closed.
  let input: Int32
  /// Where its standard output is read.
  let output: Int32
  /// Where its standard error is read; `nil` when nobody wants to.
  let errors: Int32?

  /// - Parameters:
  ///   - arguments: behind the program's name.
  ///   - variables: of its environment, beside the inherited ones (`isInherited`).
  ///   - readsErrors: whether somebody is going to read its standard error. Otherwise it goes nowhere, for a full pipe would stop it.
  init(_ arguments: [String], variables: [String: String] = [:], readsErrors: Bool) throws(LoadGeneratorFault) {
    let (inputEnd, inputStart) = try Self.pipe()
    let (outputEnd, outputStart) = try Self.pipe()
    let told = try readsErrors ? Self.pipe() : nil
    let errorsStart = told?.start ?? open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { for end in [inputEnd, outputStart, errorsStart] { close(end) } }
    (input, output, errors) = (inputStart, outputEnd, told?.end)
    do throws(LoadGeneratorFault) {
      id = try Self.spawn(arguments, variables, [inputEnd, outputStart, errorsStart])
    } catch {
      for end in [inputStart, outputEnd] { close(end) }
      if let told { close(told.end) }
      throw error
    }
  }

  /// Closes what leads to it and waits for its end, by force when that takes longer than so many milliseconds.
  func end(within milliseconds: Int) {
    close(input)
    close(output)
    var status: Int32 = 0
    for _ in 0..<(milliseconds / 10) {
      if waitpid(id, &status, WNOHANG) != 0 { return }
      usleep(10_000)
    }
    kill(id, SIGKILL)
    waitpid(id, &status, 0)
  }

  private static func pipe() throws(LoadGeneratorFault) -> (end: Int32, start: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else {
      throw LoadGeneratorFault("no pipe: \(String(cString: strerror(errno)))")
    }
    // The program must not keep the ends that are ours: it would never see its input end.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// - Parameter standard: its standard input, output and error.
  private static func spawn(
    _ arguments: [String], _ variables: [String: String], _ standard: [Int32]
  ) throws(LoadGeneratorFault) -> pid_t {
    closeRestOnStart()
    let options = SpawnOptions()
    for (number, end) in standard.enumerated() { options.hand(end, as: Int32(number)) }
    let environment = ProcessInfo.processInfo.environment.filter { isInherited($0.key) }.merging(variables) { $1 }
    let (id, trouble) = options.start(
      "/proc/self/exe", ["voiceforge"] + arguments, environment: environment.map { "\($0)=\($1)" })
    if let trouble { throw LoadGeneratorFault("no process: \(trouble)") }
    return id
  }

  /// What a child needs of this process' variables: where things are, and how a server is to behave. Keys and databases are not among them:
  /// whoever starts a child that needs a key hands that one over.
  static func isInherited(_ name: String) -> Bool {
    let places: Set = [
      "HOME", "PATH", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "VOICEFORGE_ENGINES",
      "VOICEFORGE_MODELS", "VOICEFORGE_VOICES", "VOICEFORGE_WEB", "VOICEFORGE_FLOWS", "VOICEFORGE_CASES",
      "VOICEFORGE_CALLERS", "VOICEFORGE_CALLS", "VOICEFORGE_CALL_STARTS_MAX",
    ]
    let isLimit = ["VOICEFORGE_ENGINE_", "VOICEFORGE_LOOP_", "VOICEFORGE_TICK_", "LC_"].contains(where: name.hasPrefix)
    return places.contains(name) || isLimit
  }

  /// No socket of the server is the program's business: callers would not notice that the server has hung up. Room `WebSockets` opens
  /// its own so that they close when a program is started; this is for what others left open, such as whoever started the server.
  private static func closeRestOnStart() {
    guard let folder = opendir("/proc/self/fd") else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let descriptor = Int32(name), descriptor > STDERR_FILENO { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }
  }
}
