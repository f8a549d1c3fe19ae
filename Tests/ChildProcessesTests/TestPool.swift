import ChildProcesses
import Foundation
import Threads

/// Pools of the program `test-child`, which is built beside these tests.
enum TestPool {
  /// Those of `test-child`.
  static let limits = ChildLimits(
    cpuMillisecondsMax: 300, idleMillisecondsMax: 500, answerMillisecondsMax: 60_000, memoryBytesMax: 512 << 20,
    requestBytesMax: 1 << 20, answerBytesMax: 1 << 20)

  static var program: String {
    if let path = ChildExecutable.beside("test-child"), FileManager.default.isExecutableFile(atPath: path) {
      return path
    }
    #if DEBUG
      return ".build/debug/test-child"
    #else
      return ".build/release/test-child"
    #endif
  }

  static func make(
    count: Int = ChildPool.childrenUsual, isConfined: Bool = false, isUsedOnce: Bool = false
  ) throws -> ChildPool {
    let arguments = isConfined ? ["child", "confined"] : ["child"]
    return try ChildPool(
      ChildExecutable(path: program, arguments: arguments), limits: limits, count: count, isUsedOnce: isUsedOnce)
  }
}

extension ChildPool {
  func ask(_ request: String) throws(ChildFailure) -> String {
    String(decoding: try response(to: Array(request.utf8)), as: UTF8.self)
  }
}

/// A request on a thread of its own.
final class BackgroundRequest: Sendable {
  private let outcome: Outcome
  private let isOver = DispatchSemaphore(value: 0)

  private final class Outcome: @unchecked Sendable {
    // Unchecked: written before the semaphore is raised, read after.
    var result: Result<String, ChildFailure>?
  }

  init(_ request: String, to pool: ChildPool) {
    outcome = Outcome()
    let (outcome, isOver) = (outcome, isOver)
    Thread.detachNewThread {
      outcome.result = Result { () throws(ChildFailure) in try pool.ask(request) }
      isOver.signal()
    }
  }

  func wait() -> Result<String, ChildFailure>? {
    isOver.wait()
    return outcome.result
  }
}
