import CallCore
import CallDriver
import Engines
import RemoteServices

/// Whether the speech of another node can be used: it is asked to say a sentence and to transcribe it.
enum RemoteChecks {
  /// Takes as long as the service does, at most some 20 s.
  static func section(_ service: RemoteService, _ folder: EngineFolder) -> DoctorSection {
    let sounds = EngineCatalog(folder: folder, parts: []).sounds
    let probe = ProgressLine.during("trying the speech service out …") {
      RemoteSpeechProbe(service, sounds: sounds)
    }
    let title = "Speech of \(service.base)"
    if let trouble = probe.trouble {
      return DoctorSection(
        title: title,
        checks: [
          DoctorCheck(
            name: "Service", state: .missing, detail: trouble,
            remedy: "start it there, or correct VOICEFORGE_SPEECH_URL and VOICEFORGE_SPEECH_KEY")
        ])
    }
    var checks = [
      DoctorCheck(name: "Service", detail: "answers; \(probe.voiceCount) voices"),
      check("Synthesis", probe.speech) { "a sentence in \(SpokenFigures.precise(CallDuration($0)))" },
      check("Recognition", probe.words) { text, took in
        text.isEmpty
          ? nil : "heard \"\(TextColumns.cut(text, to: 60))\" in \(SpokenFigures.precise(CallDuration(took)))"
      },
    ]
    if service.address.showsKey {
      checks.append(
        DoctorCheck(
          name: "Key", state: .note, detail: "goes there without TLS: anybody on the way can read it",
          remedy: "an https address in VOICEFORGE_SPEECH_URL"))
    }
    return DoctorSection(title: title, checks: checks)
  }

  private static let remedy =
    "correct VOICEFORGE_SPEECH_MODEL, VOICEFORGE_TRANSCRIPTION_MODEL or VOICEFORGE_SPEECH_VOICES, or mend the service"

  /// - Parameter words: what was found; `nil` when it was nothing.
  private static func check<Found>(
    _ name: String, _ result: Result<Found, EngineError>, _ words: (Found) -> String?
  ) -> DoctorCheck {
    switch result {
    case .success(let found):
      if let detail = words(found) { return DoctorCheck(name: name, detail: detail) }
      return DoctorCheck(name: name, state: .missing, detail: "heard nothing of it", remedy: remedy)
    case .failure(let error):
      return DoctorCheck(name: name, state: .missing, detail: error.description, remedy: remedy)
    }
  }
}
