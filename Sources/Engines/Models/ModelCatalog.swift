public import CallCore
import CallDriver
import Threads

/// What the folders of models and voices hold.
public struct ModelList: Sendable {
  /// Those whose descriptions are right, in the order of their names.
  public var models: [ModelDescription]
  /// Those that cannot be: by name, and why.
  public var refused: [Refusal]

  /// A model that is not used, and why.
  public struct Refusal: Sendable, Hashable {
    /// Of its folder or file.
    public var name: String
    /// One line or several, for people: which file, which line, what to do.
    public var reason: String

    /// See the fields.
    public init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  /// None, unless said otherwise.
  public init(models: [ModelDescription] = [], refused: [Refusal] = []) {
    self.models = models
    self.refused = refused
  }
}

/// The models that an operator brought along, each tried out in a child before it is loaded. Safe to share by threads.
final class ModelCatalog: Sendable {
  private struct Entry {
    let model: ModelDescription
    let outcome: LazyValue<LoadedModel>
  }

  private let entries: [Entry]
  private let refused: [ModelList.Refusal]

  /// - Parameters:
  ///   - list: what there is.
  ///   - parts: what is loaded; models for other parts are left out.
  init(_ list: ModelList, parts: Set<EnginePart>) {
    entries = list.models.filter { parts.contains($0.kind.part) }.map { Entry(model: $0, outcome: LazyValue()) }
    refused = list.refused
  }

  /// Tries them and loads them, one after the other: each trial may take the memory of the largest model. Called once.
  ///
  /// - Parameter taken: ids of the built-in voices.
  func load(from folder: EngineFolder, taken: Set<Voice.ID>) {
    var taken = taken
    for entry in entries {
      entry.outcome.load { () throws(EngineError) in
        let name = entry.model.name
        guard entry.model.kind != .synthesizer || !taken.contains(name) && !name.hasPrefix(MatchedVoice.prefix) else {
          throw .unsupported("there is another voice of the name \(name): give it another one")
        }
        try ModelProbe.run(entry.model, folder: folder)
        let loaded = try LoadedModel(entry.model, folder: folder)
        if case .synthesizer(let synthesizer) = loaded { taken.formUnion(synthesizer.voices.map(\.id)) }
        return loaded
      }
    }
  }

  /// Those that can be used by now, in the order of their names; `readiness` says why others cannot. Never waits.
  var loaded: [LoadedModel] { entries.compactMap { $0.outcome.ready } }

  /// Synthesisers that can be used by now.
  var synthesizers: [any SpeechSynthesizer] {
    loaded.compactMap { if case .synthesizer(let engine) = $0 { engine } else { nil } }
  }

  /// Recognisers that can be used by now, and those that are still being tried, each with its languages.
  var recognizers: [LanguageRecognizer.Choice] {
    entries.compactMap { entry in
      switch entry.outcome.state {
      case .loading where [.recognizer, .streamingRecognizer].contains(entry.model.kind):
        LanguageRecognizer.Choice(entry.model.languages, .tried(name: entry.model.name))
      case .loading, .failed: nil
      case .ready:
        if case .recognizer(let recognizer)? = entry.outcome.ready {
          LanguageRecognizer.Choice(entry.model.languages, .ready(recognizer))
        } else {
          nil
        }
      }
    }
  }

  /// The first that can be used by now.
  var turnDetector: (any TurnDetector)? {
    loaded.lazy.compactMap { if case .turnDetector(let engine) = $0 { engine } else { nil } }.first
  }

  /// Likewise.
  var denoiser: SherpaDenoiser? {
    loaded.lazy.compactMap { if case .denoiser(let engine) = $0 { engine } else { nil } }.first
  }

  /// Likewise.
  var speakerComparer: (any SpeakerComparer)? {
    loaded.lazy.compactMap { if case .speakers(let engine) = $0 { engine } else { nil } }.first
  }

  /// Whether there is a model of this kind that can be used, or is still being tried.
  func mayHave(_ kind: ModelKind) -> Bool {
    entries.contains { entry in
      if case .failed = entry.outcome.state { false } else { entry.model.kind == kind }
    }
  }

  /// One entry for each, those that are refused for their description among them. Calls are taken without them.
  var readiness: [EngineReadiness] {
    refused.map {
      EngineReadiness(name: EngineReadiness.modelPrefix + $0.name, state: .failed, detail: $0.reason, isNeeded: false)
    }
      + entries.map { entry in
        let (state, detail): (EngineReadiness.State, String) =
          switch entry.outcome.state {
          case .loading: (.loading, "")
          case .ready: (.ready, "")
          case .failed(let error): (.failed, error.description)
          }
        return EngineReadiness(
          name: EngineReadiness.modelPrefix + entry.model.name, state: state, detail: detail, isNeeded: false)
      }
  }
}

extension ModelKind {
  /// What a node must load for a model of this kind to be of use.
  var part: EnginePart {
    switch self {
    case .recognizer, .streamingRecognizer, .denoiser: .recognizer
    case .turnDetector: .detector
    case .synthesizer, .speakerEmbedding: .neuralVoices
    }
  }
}
