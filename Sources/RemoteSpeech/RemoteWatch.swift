import CallDriver
import WebSockets
import Threads

/// Looks now and then whether the service is there, on a thread of its own: before it is needed, and until it comes back.
final class RemoteWatch: Sendable {
  private let line: RemoteSpeechClient
  private let voices: RemoteVoices
  private let thread = WorkerPool(threadCount: 1)
  private let stopped = Latch()

  init(_ line: RemoteSpeechClient, voices: RemoteVoices) {
    self.line = line
    self.voices = voices
  }

  func start() {
    _ = thread.submit(.idle) { [line, voices, stopped] in
      let times = line.service.times
      var voicesAt: UInt64?
      repeat {
        let wasWell = line.health.state == .well
        let found = Self.look(line)
        let now = MonotonicClock.now()
        let isDue = voicesAt.map { now > $0 + UInt64(times.voicesPeriod.milliseconds) * 1000 } ?? true
        if found == .well, isDue || !wasWell {
          voices.refresh()
          voicesAt = now
        }
        line.health.note(found)
      } while !stopped.wait(within: line.health.state == .well ? times.lookPeriod : times.awayPeriod)
    }
  }

  /// Waits for a look that is under way: `RemoteSpeechClient.stop` ends it.
  func stop() {
    stopped.open()
    thread.finish()
  }

  /// Asks for the list of models, which costs a service nothing. One that has no such list, or no time for it, is there all the same.
  static func look(_ line: RemoteSpeechClient) -> RemoteHealth.State {
    let times = line.service.times
    let request = line.request(
      "GET", url: line.service.base + "/models", answerMax: times.lookMax, max: times.lookMax, bytesMax: 1 << 20)
    do throws(RemoteFault) {
      let response = try line.look(request)
      let status = response.status
      if (200..<300).contains(status) || [404, 405, 429].contains(status) { return .well }
      return .away(
        line.service.withoutKey(RemoteFault(status: status, message: RemoteSpeechClient.message(in: response)).why))
    } catch {
      return .away(line.service.withoutKey(error.why))
    }
  }
}
