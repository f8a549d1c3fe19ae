public import CallCore
public import CallDriver

extension EngineCatalog: SpeechEngines {
  /// One entry for each part that is loaded; the eSpeak NG voices are the only ones that a call can do without.
  public var readiness: [EngineReadiness] {
    EnginePart.allCases.filter(parts.contains).map { part in
      let isNeeded = part != .manyVoices
      return switch state(of: part) {
      case .loading: EngineReadiness(name: part.rawValue, state: .loading, isNeeded: isNeeded)
      case .ready: EngineReadiness(name: part.rawValue, state: .ready, isNeeded: isNeeded)
      case .failed(let error):
        EngineReadiness(name: part.rawValue, state: .failed, detail: error.description, isNeeded: isNeeded)
      }
    }
  }
}
