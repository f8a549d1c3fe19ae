import CChildProcesses
import ChildProcesses
import Foundation
import Testing

/// What is promised of children, whatever they are asked.
@Suite("Children of the program")
struct ChildPoolTests {
  @Test("answer, small and as large as is allowed")
  func answers() throws {
    let pool = try TestPool.make()
    #expect(try pool.ask("echo hello") == "hello")
    #expect(try pool.ask("unknown") == "unknown")
    let large = String(repeating: "x", count: TestPool.limits.requestBytesMax - 5)
    #expect(try pool.ask("echo \(large)") == large)
  }

  @Test("have no variables, no descriptors but their socket, and what they print is no message")
  func environment() throws {
    // Left open for all programs that are started: not for children.
    let leaked = dup(STDERR_FILENO)
    defer { close(leaked) }
    let pool = try TestPool.make()
    #expect(try pool.ask("variables") == "0")
    #expect(try pool.ask("open") == "0 1 2 3")
    #expect(try pool.ask("print") == "printed")
    #expect(try pool.ask("write /tmp/voiceforge-test-child") == "no")
    unlink("/tmp/voiceforge-test-child")
  }

  @Test("that are confined reach no file, no socket and no process, and work, fail and end like others")
  func confined() throws {
    #expect(try TestPool.make().ask("reach") == "file socket process signal")
    let pool = try TestPool.make(isConfined: true)
    #expect(try pool.ask("reach") == (child_has_sanitizer() ? "file socket process signal" : ""))
    #expect(try pool.ask("echo hello") == "hello")
    #expect(throws: ChildFailure.ended(.exited(7))) { try pool.ask("exit") }
    #expect(throws: ChildFailure.timedOut(.cpu(300))) { try pool.ask("burn") }
    #expect(try pool.ask("echo again") == "again")
  }

  @Test(
    "that end fail the request alone, which is not tried again",
    arguments: [
      ("abort", ChildFailure.ended(.killed(signal: 6))), ("exit", .ended(.exited(code7))),
      ("burn", .timedOut(.cpu(300))), ("large", .badAnswer("2097152 bytes; at most 1048576 are taken")),
    ])
  func ends(request: String, failure: ChildFailure) throws {
    let pool = try TestPool.make()
    #expect(try pool.ask("echo before") == "before")
    for _ in 0..<2 {
      #expect(throws: failure) { try pool.ask(request) }
      #expect(throws: ChildFailure.refused("\(failure)")) { try pool.ask(request) }
      #expect(try pool.ask("echo after") == "after")
      // Others of its kind are tried, and only so many are remembered.
      for number in 0..<(request == "exit" ? 64 : 0) {
        #expect(throws: failure) { try pool.ask("\(request) \(number)") }
      }
      guard request == "exit" else { return }
    }
  }

  private static let code7 = 7

  @Test("that do nothing, or are stopped, are replaced; the request may be tried again")
  func idle() throws {
    let pool = try TestPool.make(count: 1)
    for _ in 0..<2 { #expect(throws: ChildFailure.timedOut(.idle(500))) { try pool.ask("wait") } }
    let child = try #require(try Int32(pool.ask("pid")))
    kill(child, SIGSTOP)
    #expect(throws: ChildFailure.timedOut(.idle(500))) { try pool.ask("echo stopped") }
    #expect(try pool.ask("echo stopped") == "stopped")
    #expect(try pool.ask("pid") != "\(child)")
  }

  @Test("that were killed while they waited cost no request")
  func killedWaiting() throws {
    let pool = try TestPool.make()
    #expect(try pool.ask("echo 1") == "1")
    let before = pool.readyChildren
    for child in before {
      kill(child, SIGKILL)
      var information = siginfo_t()
      #expect(waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) == 0)  // gone with all its threads
    }
    for _ in 0..<4 { #expect(try !before.map { "\($0)" }.contains(pool.ask("pid"))) }
  }

  @Test("that are killed at a request fail it; it may be tried again, and the others go on")
  func killedWorking() throws {
    let pool = try TestPool.make()
    #expect(try pool.ask("echo 1") == "1")
    let before = pool.readyChildren
    let request = BackgroundRequest("wait", to: pool)
    var working: Set<Int32> = []
    while working.count != 1 { working = Set(before).subtracting(pool.readyChildren) }
    #expect(try pool.ask("echo beside") == "beside")
    for child in working { kill(child, SIGKILL) }
    #expect(request.wait() == .failure(.ended(.killed(signal: 9))))
    #expect(throws: ChildFailure.timedOut(.idle(500))) { try pool.ask("wait") }
  }

  @Test("take no more memory than is allowed", .enabled(if: !child_has_sanitizer(), "sanitizers reserve terabytes"))
  func memory() throws {
    let pool = try TestPool.make()
    #expect(try pool.ask("echo before") == "before")  // its start is over
    #expect(throws: ChildFailure.ended(.exited(8))) { try pool.ask("hoard") }
    #expect(try pool.ask("echo after") == "after")
  }

  @Test("are not asked what is too large")
  func largeRequest() throws {
    let pool = try TestPool.make()
    let large = String(repeating: "x", count: TestPool.limits.requestBytesMax)
    #expect(throws: ChildFailure.requestTooLarge(limit: 1 << 20)) { try pool.ask("echo \(large)") }
    #expect(try pool.ask("echo after") == "after")
  }

  @Test("answer a hundred requests at once, some of which end them")
  func crowd() throws {
    let pool = try TestPool.make()
    let requests = (0..<100).map { BackgroundRequest($0 % 10 == 3 ? "exit \($0)" : "echo \($0)", to: pool) }
    for (number, request) in requests.enumerated() {
      let expected = number % 10 == 3 ? Result.failure(ChildFailure.ended(.exited(7))) : .success("\(number)")
      #expect(request.wait() == expected)
    }
    #expect(pool.readyChildren.count == ChildPool.childrenUsual)
  }

  @Test("that are used once answer one request each, also when it fails, and as many as before are kept ready")
  func usedOnce() throws {
    let pool = try TestPool.make(isUsedOnce: true)
    var seen: Set<String> = []
    for _ in 0..<6 {
      let before = Set(pool.readyChildren)
      let child = try pool.ask("pid")
      #expect(seen.insert(child).inserted && before.map { "\($0)" }.contains(child))
      #expect(try kill(#require(Int32(child)), 0) == -1 && errno == ESRCH)
      #expect(pool.readyChildren.count == ChildPool.childrenUsual)
    }
    #expect(throws: ChildFailure.ended(.exited(7))) { try pool.ask("exit") }
    #expect(try pool.ask("echo after") == "after")
    #expect(pool.readyChildren.count == ChildPool.childrenUsual)
  }

  @Test("whose answer nobody wants any more are ended, and the request is to blame for nothing")
  func unwanted() throws {
    let pool = try TestPool.make(count: 1)
    let child = try pool.ask("pid")
    for request in ["wait", "burn"] {
      var looks = 0
      #expect(throws: ChildFailure.unwanted) {
        _ = try pool.response(to: Array(request.utf8)) {
          looks += 1
          return looks < 3
        }
      }
      #expect(looks == 3)
    }
    #expect(try kill(#require(Int32(child)), 0) == -1 && errno == ESRCH)
    #expect(throws: ChildFailure.timedOut(.idle(500))) { try pool.ask("wait") }
    #expect(try pool.ask("echo after") == "after")
  }

  @Test("end with their pool")
  func end() throws {
    var pool: ChildPool? = try TestPool.make()
    #expect(try pool?.ask("echo 1") == "1")
    let children = try #require(pool?.readyChildren)
    #expect(children.count == 2)
    pool = nil
    for child in children { #expect(kill(child, 0) == -1 && errno == ESRCH) }
  }

  @Test("that cannot be started fail, by name")
  func missing() throws {
    let nothing = ChildExecutable(path: "/nonexistent/program", arguments: [])
    #expect(throws: ChildFailure.notStarted("/nonexistent/program: No such file or directory")) {
      _ = try ChildPool(nothing, limits: TestPool.limits)
    }
    let other = try ChildPool(ChildExecutable(path: "/bin/true", arguments: []), limits: TestPool.limits)
    for _ in 0..<4 {
      #expect(throws: ChildFailure.notStarted("it ended with exit code 0")) { try other.ask("echo") }
    }
  }
}
