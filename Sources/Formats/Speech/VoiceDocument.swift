package import CallCore
package import JSON

extension JSONObject {
  /// What `GET /api/voices/{id}` answers.
  package static func voice(_ voice: Voice) -> JSONObject {
    JSONObject { writer in
      writer.names(of: voice)
      writer.field("engine", voice.engine)
      writer.field("sampleRate", voice.sampleRate)
      writer.field("pitchHz", voice.pitchHz)
      writer.field("isMatched", voice.id.hasPrefix(MatchedVoice.prefix))
    }
  }

  /// What `GET /api/voices` answers.
  /// - Parameters:
  ///   - voices: in the order to show.
  ///   - defaultVoice: speaks where nothing else is said.
  package static func voices(_ voices: [Voice], defaultVoice: Voice.ID) -> JSONObject {
    JSONObject { writer in
      writer.field("default", defaultVoice)
      writer.list("voices", voices.map(voice))
    }
  }

  /// What `GET /api/voice-library` answers, as the predecessor *VoiceForge* does.
  package static func voiceLibrary(_ voices: [Voice]) -> JSONObject {
    JSONObject { writer in
      writer.objects("voices", voices) { $0.names(of: $1) }
      writer.field("total", voices.count)
    }
  }

  /// What `GET /api/cloned-voices/{id}` answers.
  package static func matchedVoice(_ matched: MatchedVoice) -> JSONObject {
    func thousandths(_ value: Double) -> Int { Int(nearest: value * 1000) }
    return JSONObject { writer in
      voice(matched.voice).writeMembers(to: &writer)
      writer.object("matched") { writer in
        writer.field("pitchFactor", thousandths: thousandths(matched.shape.pitch))
        writer.field("formantFactor", thousandths: thousandths(matched.shape.formants))
        writer.field("paceFactor", thousandths: thousandths(matched.shape.pace))
        writer.field("recordingMs", matched.recording.milliseconds)
        guard let similarity = matched.similarity else { return }
        writer.field("similarity", thousandths: similarity.thousandths)
        writer.field("similarityBy", similarity.model)
      }
      writer.field("createdAt", instant: matched.createdAtUnixMicroseconds)
    }
  }

  /// What `GET /api/cloned-voices` answers.
  package static func matchedVoices(_ voices: [MatchedVoice]) -> JSONObject {
    JSONObject { writer in
      writer.list("voices", voices.map(matchedVoice))
      writer.field("total", voices.count)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func names(of voice: Voice) {
    field("id", voice.id)
    field("name", voice.name)
    field("language", voice.language)
    field("gender", voice.gender)
    field("description", voice.description)
  }
}
