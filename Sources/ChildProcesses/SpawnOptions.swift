import CChildProcesses
import Glibc

/// How a program is started: in a process group of its own, so that Ctrl-C reaches it through this one, and with no signal blocked.
package final class SpawnOptions {
  private var actions = posix_spawn_file_actions_t()
  private var attributes = posix_spawnattr_t()

  package init() {
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
  }

  deinit {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }

  /// Gives it a descriptor of this program under a number of its own.
  package func hand(_ descriptor: Int32, as number: Int32) {
    posix_spawn_file_actions_adddup2(&actions, descriptor, number)
  }

  /// Its standard error goes to `errors`, or nowhere, and nothing behind that is open in it.
  func closeRest(errors: Int32?) {
    if let errors {
      hand(errors, as: STDERR_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    child_close_from(&actions, STDERR_FILENO + 1)
  }

  /// Signals that do in it what they usually do, whatever this program does with them.
  func reset(_ signals: [Int32]) {
    var usual = sigset_t()
    sigemptyset(&usual)
    for signal in signals { sigaddset(&usual, signal) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
  }

  /// - Parameters:
  ///   - path: of the program.
  ///   - words: its arguments, its name the first.
  ///   - environment: all of it, as `NAME=value`.
  /// - Returns: its process, or why there is none.
  package func start(
    _ path: String, _ words: [String], environment: [String]
  ) -> (id: Int32, trouble: String?) {
    let words = words.map { strdup($0) } + [nil]
    let environment = environment.map { strdup($0) } + [nil]
    defer { for word in words + environment { free(word) } }
    var id = pid_t()
    let code = posix_spawn(&id, path, &actions, &attributes, words, environment)
    return (id, code == 0 ? nil : String(cString: strerror(code)))
  }
}
