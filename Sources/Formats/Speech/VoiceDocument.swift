public import CallCore
public import JSON

/// What `GET /api/voices/{id}` answers.
public struct VoiceDocument: Sendable, Equatable, JSONDocument {
  /// The voice.
  public var voice: Voice

  /// - Parameter voice: one of the library.
  public init(_ voice: Voice) { self.voice = voice }

  /// Writes the members of `Speech.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("id", voice.id)
    writer.field("name", voice.name)
    writer.field("language", voice.language)
    writer.field("gender", voice.gender)
    writer.field("description", voice.description)
    writer.field("engine", voice.engine)
    writer.field("sampleRate", voice.sampleRate)
    writer.field("pitchHz", voice.pitchHz)
    writer.field("isMatched", voice.id.hasPrefix(MatchedVoice.prefix))
  }
}

/// What `GET /api/voices` answers.
public struct VoiceList: Sendable, Equatable, JSONDocument {
  /// Id of the voice that speaks where nothing else is said.
  public var defaultVoice: Voice.ID
  /// All voices.
  public var voices: [Voice]

  /// - Parameter voices: in the order to show.
  public init(defaultVoice: Voice.ID, voices: [Voice]) {
    self.defaultVoice = defaultVoice
    self.voices = voices
  }

  /// Writes the members of `Speech.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("default", defaultVoice)
    writer.list("voices", voices) { writer, voice in writer.object(VoiceDocument(voice).writeMembers) }
  }
}

/// What `GET /api/voice-library` answers, as the predecessor *VoiceForge* does.
public struct VoiceLibraryDocument: Sendable, JSONDocument {
  /// In the order to show.
  public var voices: [Voice]

  package init(voices: [Voice]) { self.voices = voices }

  /// Writes the members.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("voices", voices) { writer, voice in
      writer.object { writer in
        writer.field("id", voice.id)
        writer.field("name", voice.name)
        writer.field("language", voice.language)
        writer.field("gender", voice.gender)
        writer.field("description", voice.description)
      }
    }
    writer.field("total", voices.count)
  }
}

/// What `GET /api/cloned-voices/{id}` answers.
public struct MatchedVoiceDocument: Sendable, JSONDocument {
  private let matched: MatchedVoice

  /// - Parameter matched: one of the store.
  public init(_ matched: MatchedVoice) { self.matched = matched }

  /// Writes the members of `Speech.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    VoiceDocument(matched.voice).writeMembers(to: &writer)
    writer.object("matched") { writer in
      writer.field("pitchFactor", thousandths: Self.thousandths(matched.shape.pitch))
      writer.field("formantFactor", thousandths: Self.thousandths(matched.shape.formants))
      writer.field("paceFactor", thousandths: Self.thousandths(matched.shape.pace))
      writer.field("recordingMs", matched.recording.milliseconds)
    }
    writer.field("createdAt", UTCTime.text(unixMicroseconds: matched.createdAtUnixMicroseconds))
  }

  private static func thousandths(_ value: Double) -> Int { Int(nearest: value * 1000) }
}

/// What `GET /api/cloned-voices` answers.
public struct MatchedVoiceList: Sendable, JSONDocument {
  private let voices: [MatchedVoice]

  /// - Parameter voices: all of the store.
  public init(_ voices: [MatchedVoice]) { self.voices = voices }

  /// Writes the members of `Speech.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("voices", voices) { writer, voice in writer.object(MatchedVoiceDocument(voice).writeMembers) }
    writer.field("total", voices.count)
  }
}
