import Glibc

/// A program a test runs, ended with the value.
final class Command {
  private var process: pid_t = 0

  /// - Parameter arguments: the program's path first. Its output is thrown away.
  init?(_ arguments: [String]) {
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
    guard posix_spawn(&process, arguments[0], &actions, nil, words, environ) == 0 else { return nil }
  }

  deinit {
    guard process > 0 else { return }
    kill(process, SIGKILL)
    wait()
  }

  /// - Returns: whether it ended with success.
  @discardableResult
  func wait() -> Bool {
    var status: Int32 = 0
    waitpid(process, &status, 0)
    process = 0
    return status == 0
  }
}
