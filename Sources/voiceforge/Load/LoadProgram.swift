import CallCore
import CallDriver
import CallServer
import Formats
import LoadTest

/// Loads the server in this process from a `voiceforge load` in another.
final class LoadProgram: LoadGenerator {
  /// Longest plan, its way up and all its steps together, as a multiple of the longest hold.
  private static let holdsMax = 2

  /// One thread that reads: there is one run at a time.
  private let reader = WorkerPool(threadCount: 1, niceness: 0)
  private let today: @Sendable () -> String

  /// - Parameter today: the day that the server's flows take for today, as `YYYY-MM-DD`.
  init(today: @escaping @Sendable () -> String) { self.today = today }

  var usualThresholds: [String] { Threshold.usual.map(\.text) }
  var reportPolicy: String { LoadHTML.policy }

  func fault(in request: LoadRequest, holdMaxSeconds: Int) -> String? {
    let longest = CallDuration.seconds(holdMaxSeconds)
    if let hold = request.hold, let length = WrittenTime.parse(hold), length > longest {
      return "hold: expected at most \(WrittenTime.text(longest)), got \(hold)"
    }
    let reader = LoadPlanReader(
      kind: request.plan, calls: request.calls, rate: request.ramp, hold: request.hold, seed: UInt64(request.seed))
    do throws(CommandFault) {
      let plan = try reader.plan()
      guard plan.callsMax <= LoadRequest.callsMax else {
        return "plan: expected at most \(LoadRequest.callsMax) calls at once, got \(plan.callsMax)"
      }
      guard plan.duration <= longest * Self.holdsMax else {
        return "plan: expected at most \(WrittenTime.text(longest * Self.holdsMax)) in all, got "
          + WrittenTime.text(plan.duration)
      }
    } catch {
      return String(error.description.trimmingPrefix("--"))
    }
    for text in request.thresholds {
      do throws(ThresholdFault) { _ = try Threshold(text) } catch { return "thresholds: \(error)" }
    }
    // Behind the first = stands the weight.
    guard let odd = request.cases.first(where: { $0.id.contains("=") }) else { return nil }
    return "cases: \(odd.id) has a = in its id, so that no load can name it"
  }

  func begin(
    _ request: LoadRequest, target: String, key: String?, tell: @escaping @Sendable (LoadEvent) -> Void,
    whenOver: @escaping @Sendable (String?) -> Void
  ) throws(LoadGeneratorFault) -> any RunningLoad {
    let process = try GeneratorProcess(Self.arguments(for: request, target: target, today: today()), key: key)
    let isQueued = reader.submit(.waitedFor) { whenOver(process.follow(tell)) }
    precondition(isQueued, "one run at a time needs no queue")
    return process
  }

  /// Values stand behind a =, so that none is taken for an option.
  private static func arguments(for request: LoadRequest, target: String, today: String) -> [String] {
    var arguments = [
      "load", "--progress=json", "--stop-with-input", "--target=\(target)", "--calls=\(request.calls)",
      "--plan=\(request.plan)", "--seed=\(request.seed)", "--today=\(today)",
    ]
    if let ramp = request.ramp { arguments.append("--ramp=\(ramp)") }
    if let hold = request.hold { arguments.append("--hold=\(hold)") }
    arguments += request.thresholds.map { "--threshold=\($0)" }
    return arguments + ["--"] + request.cases.map { "\($0.id)=\($0.weight)" }
  }
}
