import CallCore
import Engines

extension EngineCatalog {
  /// Which of the engines that calls need cannot be used, and what to do; `nil` while nothing of the kind is known.
  var trouble: String? {
    let failed = readiness.filter { $0.isNeeded && $0.state == .failed }
    guard !failed.isEmpty else { return nil }
    let parts = failed.map { "\($0.name): \($0.detail.prefix { $0 != ";" })" }.joined(separator: "\n  ")
    return "speech engines are missing, so no call can be taken\n  \(parts)\n"
      + "`make setup` installs them, `voiceforge doctor` shows what is missing"
  }
}
