import TestSupport
import CallServer
import Formats

/// A generator that starts nothing: the test says what it tells and when it ends.
final class ScriptedGenerator: LoadGenerator {
  struct Begun: Sendable {
    var request: LoadRequest
    var target: String
    var tell: @Sendable (LoadEvent) -> Void
    var whenOver: @Sendable (String?) -> Void
    var stops = 0
    var ends = 0
  }

  /// Why it cannot be started, where the test wants that.
  let trouble: String?
  let begun = Probe<[Begun]>([])

  init(trouble: String? = nil) { self.trouble = trouble }

  let usualThresholds = [
    LoadThreshold(
      text: "failed==0", figure: "failed", statistic: nil, comparison: "==", limitThousandths: 0, unit: nil)
  ]
  let sharedTarget: String? = "ws://lb.example:8080/v1/call"
  let reportPolicy = "default-src 'none'"

  func fault(in request: LoadRequest, holdMaxSeconds: Int) -> String? {
    request.plan == "spiral" ? "plan: there is no plan spiral; held for at most \(holdMaxSeconds) s" : nil
  }

  func thresholds(of request: LoadRequest) -> [LoadThreshold] {
    request.thresholds.map { text in
      LoadThreshold(
        text: text, figure: "turn_latency", statistic: "p95", comparison: "<", limitThousandths: 1_200_000, unit: "ms")
    }
  }

  func begin(
    _ request: LoadRequest, target: String, key: String?, tell: @escaping @Sendable (LoadEvent) -> Void,
    whenOver: @escaping @Sendable (String?) -> Void
  ) throws(LoadGeneratorFault) -> any RunningLoad {
    if let trouble { throw LoadGeneratorFault(trouble) }
    begun.change { $0.append(Begun(request: request, target: target, tell: tell, whenOver: whenOver)) }
    return ScriptedLoad(generator: self, index: begun.current.count - 1)
  }

  /// The run that began last tells so many seconds more.
  func tell(seconds: Range<Int>) {
    for number in seconds {
      var second = LoadSecond()
      second.atMs = (number + 1) * 1000
      second.active = number
      second.serverMillicores = 420
      begun.current.last?.tell(.second(second))
    }
  }

  func tell(_ line: LoadEvent) { begun.current.last?.tell(line) }
  func end(problem: String? = nil) { begun.current.last?.whenOver(problem) }

  private struct ScriptedLoad: RunningLoad {
    let generator: ScriptedGenerator
    let index: Int

    func stop() { generator.begun.change { $0[index].stops += 1 } }

    func end() {
      generator.begun.change { $0[index].ends += 1 }
      generator.begun.current[index].whenOver("ended by force")
    }
  }
}
