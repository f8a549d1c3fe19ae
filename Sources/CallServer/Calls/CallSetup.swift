import CallCore
import CallDriver
import JSON
import Wires
import Formats
import FoundationEssentials

/// A `start` that was found to make sense: what the call is set up with.
struct CallSetup {
  private let server: ServerContext
  private let flow: Flow
  private let request: StartRequest
  private let settings: CallSettings

  /// - Throws: what is wrong with the request, and what would be right.
  init(_ request: StartRequest, server: ServerContext) throws(WireFault) {
    guard let flow = server.flows[request.flow] else {
      let known = server.flows.names.joined(separator: ", ")
      throw WireFault(.outOfRange, "flow: there is no \(request.flow); there are \(known)")
    }
    let voice = request.voice ?? flow.voice ?? server.defaultVoice
    guard server.voices[voice] != nil else {
      throw WireFault(.outOfRange, "voice: \(server.voices.missing(voice))")
    }
    self.server = server
    self.flow = flow
    self.request = request
    let id = UUID().uuidString.lowercased()
    let format = AudioFormat(codec: request.codec, sampleRate: request.sampleRate)
    var settings = CallSettings(id: id, flowName: flow.name, voice: voice, format: format)
    settings.metadata = request.metadata
    settings.startedAtUnixMicroseconds = Int64(Date().timeIntervalSince1970 * 1_000_000)
    settings.limits = server.settings.limits
    if let silence = flow.endOfTurnSilence { settings.limits.endOfTurnSilence = silence }
    if server.capacity.takenCount <= server.settings.partialsUpTo {
      settings.limits.partialInterval = server.settings.partialInterval
    }
    self.settings = settings
  }

  /// - Throws: `.refused` when an engine cannot be used.
  func makeSession(
    number: CallNumber, work: any SpeechTasks, host: any CallHost
  ) throws(WireFault) -> CallSession {
    let library = server.flows
    let seed = request.seed.map { UInt64(bitPattern: $0) } ?? number.value
    let today = request.today ?? server.settings.today()
    let machine = FlowMachine(flow: flow, library: library, seed: seed, variables: ["today": today])
    do throws(EngineError) {
      let session = try CallSession(
        number: number, settings: settings, flow: machine, codecs: server.engines.codecs,
        detector: server.engines.makeDetector(), work: work, host: host)
      if let traces = server.traces {
        var header = CallTraceHeader(
          call: settings.id, flow: flow.name, flowDigests: library.digests(from: flow.name), voice: settings.voice,
          limits: settings.limits, seed: seed, today: today)
        header.startedAtUnixMicroseconds = settings.startedAtUnixMicroseconds
        session.trace = traces.begin(header)
      }
      return session
    } catch {
      throw WireFault(.refused, "the call cannot begin: \(error)")
    }
  }
}
