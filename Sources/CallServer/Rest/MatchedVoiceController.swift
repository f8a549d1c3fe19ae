import CallCore
import CallDriver
import JSON
import Formats
import FoundationEssentials
import WebSockets

/// What REST says about voices that are matched to recordings. Blocks: runs on the blocking pool.
struct MatchedVoiceController {
  let server: ServerContext
  let speechAPI: SpeechAPIContext

  /// Lists them.
  func list() -> HTTPResponse {
    do throws(StoreError) {
      return .json(MatchedVoiceList(try server.voices.store?.voices() ?? []))
    } catch {
      return .problem(error)
    }
  }

  /// One of them.
  func one(_ id: String) -> HTTPResponse {
    do throws(StoreError) {
      let voice = try server.voices.store?.voices().first { $0.id == id }
      return voice.map { .json(MatchedVoiceDocument($0)) } ?? missing(id)
    } catch {
      return .problem(error)
    }
  }

  /// Takes one away; the engines' own stay.
  func remove(_ id: String) -> HTTPResponse {
    guard id.hasPrefix(MatchedVoice.prefix) || server.voices[id] == nil else {
      return .problem(status: 403, detail: "\(id) is built in; only matched voices can be deleted")
    }
    do throws(StoreError) {
      guard try server.voices.store?.remove(id: id) ?? false else { return missing(id) }
      try server.voices.refresh()
      return HTTPResponse(status: 204)
    } catch {
      return .problem(error)
    }
  }

  /// Matches the neural voice to the recording in `request`.
  func match(_ request: HTTPRequest, _ reply: HTTPReply) {
    guard server.voices.store != nil else {
      return reply.send(.problem(status: 501, detail: "this server matches no voices"))
    }
    let upload: SoundUpload
    let name: String
    do throws(MultipartFault) {
      upload = try SoundUpload(parsing: request.body, contentType: request.headers["content-type"] ?? "")
      name = try upload.form?.text("name") ?? request.queryValue("name") ?? "Matched voice"
    } catch {
      return reply.send(.problem(status: 400, detail: "\(error)"))
    }
    guard (1...MatchedVoice.nameMax).contains(name.scalarCount), !name.contains(where: \.isNewline) else {
      return reply.send(
        .problem(status: 400, detail: "name: expected 1 to \(MatchedVoice.nameMax) characters on one line"))
    }
    speechAPI.take(reply, .problem, holding: upload.file.count * 3, for: speechAPI.client(of: request, key: nil)) {
      place throws(SpeechRefusal) in
      let (matching, length) = try matching(upload.file)
      let job = try VoiceMatchJob(matching, speechAPI: speechAPI, reply: reply, place: place) { shape, pitchHz in
        keep(name: name, shape: shape, pitchHz: pitchHz, length: length)
      }
      speechAPI.scheduler.queue(job)
    }
  }

  private func matching(_ file: [UInt8]) throws(SpeechRefusal) -> (VoiceMatching, CallDuration) {
    let reader = SoundReader(formats: speechAPI.sounds, secondsMax: speechAPI.limits.soundSecondsMax)
    let sound: PCMBuffer
    do throws(SoundFault) { sound = try reader.read(file) } catch { throw SpeechRefusal(400, "file: \(error)") }
    let stretches: [Range<Int>]
    do throws(EngineError) {
      stretches = try SpeechStretches(detector: try server.engines.makeDetector()).find(in: sound.samples)
    } catch {
      throw SpeechRefusal(error)
    }
    do throws(MatchingFault) {
      return (try VoiceMatching(sound, stretches: stretches), .microseconds(sound.microseconds))
    } catch {
      throw SpeechRefusal(error)
    }
  }

  private func keep(name: String, shape: VoiceShape, pitchHz: Double, length: CallDuration) -> HTTPResponse {
    let voice = MatchedVoice(
      id: MatchedVoice.prefix + UUID().uuidString.lowercased(), name: name, shape: shape,
      pitchHz: Int(nearest: pitchHz), recording: length,
      createdAtUnixMicroseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    do throws(StoreError) {
      guard try server.voices.store?.add(voice) ?? false else {
        return .problem(status: 507, detail: "there is no room for another matched voice; delete one")
      }
      try server.voices.refresh()
    } catch {
      return .problem(error)
    }
    var response = HTTPResponse.json(MatchedVoiceDocument(voice))
    response.status = 201
    response.headers.append(("location", "/api/cloned-voices/\(voice.id)"))
    return response
  }

  private func missing(_ id: String) -> HTTPResponse {
    .problem(status: 404, detail: "there is no matched voice \(id.bounded(to: 60)); GET /api/cloned-voices lists them")
  }
}
