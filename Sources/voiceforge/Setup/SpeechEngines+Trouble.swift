import CallCore
import CallDriver
import RemoteSpeech

extension SpeechEngines {
  /// Which of the engines that calls need cannot be used, and what to do; `nil` while nothing of the kind is known.
  var trouble: String? {
    let failed = readiness.filter { $0.isNeeded && $0.state == .failed }
    guard !failed.isEmpty else { return nil }
    let missing = failed.filter { $0.name != RemoteEngines.partName }
    guard !missing.isEmpty else {
      return "no call can be taken: \(failed[0].detail)\n"
        + "Calls are taken as soon as it answers; `voiceforge doctor` tries it out."
    }
    let parts = missing.map { "\($0.name): \($0.detail.prefix { $0 != ";" })" }.joined(separator: "\n  ")
    return "speech engines are missing, so no call can be taken\n  \(parts)\n"
      + "`make setup` installs them, `voiceforge doctor` shows what is missing"
  }

  /// Whether that ends only with a new start: engines of this machine are loaded once.
  var isTroubleLasting: Bool {
    readiness.contains { $0.isNeeded && $0.state == .failed && $0.name != RemoteEngines.partName }
  }
}
