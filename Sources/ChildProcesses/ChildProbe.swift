import Glibc

/// One request to a child that is started for it alone and ended behind it: for work that may well end it, whose reason then stands in what the
/// library wrote to standard error.
public enum ChildProbe {
  /// What came of it.
  public struct Outcome: Sendable {
    /// The answer, or why there is none.
    public var answer: Result<[UInt8], ChildFailure>
    /// What the child wrote to its standard error: the first `ErrorPipe.bytesMax` bytes.
    public var errors: String
  }

  /// Waits for the answer; see `ChildLimits` for how long.
  public static func run(_ request: [UInt8], in executable: ChildExecutable, limits: ChildLimits) -> Outcome {
    guard let pipe = ErrorPipe() else {
      return Outcome(answer: .failure(.notStarted("no pipe: \(String(cString: strerror(errno)))")), errors: "")
    }
    let answer = Result { () throws(ChildFailure) in
      guard request.count <= limits.requestBytesMax else { throw .requestTooLarge(limit: limits.requestBytesMax) }
      let child = try ChildProcess(executable, limits: limits, errors: pipe)
      defer { child.end() }
      return try child.response(to: request)
    }
    return Outcome(answer: answer, errors: pipe.text())
  }
}

/// What a child writes to its standard error, as far as a pipe holds it. A child that writes more is not held up: its words are dropped.
final class ErrorPipe {
  /// A pipe's usual size (pipe(7)).
  static let bytesMax = 65_536

  let writingEnd: Int32
  private let readingEnd: Int32

  /// Nil when there are no descriptors left.
  init?() {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (readingEnd, writingEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readingEnd)
    close(writingEnd)
  }

  /// What has been written since it was asked last. Never waits.
  func text() -> String {
    var bytes = [UInt8](repeating: 0, count: Self.bytesMax)
    let count = read(readingEnd, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }
}
