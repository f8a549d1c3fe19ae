import CallDriver
import Threads
import WebSockets

/// Whether the service can be used, as far as is known.
final class RemoteHealth: Sendable {
  enum State: Sendable, Equatable {
    /// Nobody has looked yet.
    case unknown
    case well
    case away(String)
  }

  private let kept = Locked(State.unknown)
  private let contact = Latch()
  private let hadContact = Locked(false)
  private let tell: @Sendable (State) -> Void

  /// - Parameter tell: called on any thread when it is well after it was not, or the other way round.
  init(tell: @escaping @Sendable (State) -> Void) { self.tell = tell }

  var state: State { kept.withLock { $0 } }

  func update(to state: State) {
    let before = kept.withLock { kept in
      defer { kept = state }
      return kept
    }
    if (before == .well) != (state == .well) || before == .unknown { tell(state) }
    guard state == .well else { return }
    hadContact.withLock { $0 = true }
    contact.open()
  }

  /// Waits until the service was there once.
  /// - Returns: whether it was; the waiting may have been given up.
  func waitForContact() -> Bool {
    contact.wait()
    return hadContact.withLock { $0 }
  }

  /// Lets everybody through who waits.
  func giveUpWaiting() { contact.open() }
}

/// Looks now and then whether the service is there, on a thread of its own: before it is needed, and until it comes back.
final class RemoteWatch: Sendable {
  private let client: RemoteSpeechClient
  private let voices: RemoteVoices
  private let thread = WorkerPool(threadCount: 1)
  private let stopped = Latch()

  init(_ client: RemoteSpeechClient, voices: RemoteVoices) {
    self.client = client
    self.voices = voices
  }

  func start() {
    _ = thread.submit(.idle) { [client, voices, stopped] in
      let times = client.service.times
      var voicesAt: UInt64?
      repeat {
        let wasWell = client.health.state == .well
        let found = Self.probe(client)
        let now = MonotonicClock.now()
        let isDue = voicesAt.map { now > $0 + UInt64(times.voicesPeriod.milliseconds) * 1000 } ?? true
        if found == .well, isDue || !wasWell {
          voices.refresh()
          voicesAt = now
        }
        client.health.update(to: found)
      } while !stopped.wait(within: client.health.state == .well ? times.lookPeriod : times.awayPeriod)
    }
  }

  /// Waits for a look that is under way: `RemoteSpeechClient.stop` ends it.
  func stop() {
    stopped.open()
    thread.finish()
  }

  /// Asks for the list of models, which costs a service nothing. One that has no such list, or no time for it, is there all the same.
  static func probe(_ client: RemoteSpeechClient) -> RemoteHealth.State {
    let times = client.service.times
    let request = client.request(
      "GET", url: client.service.base + "/models", answerMax: times.lookMax, max: times.lookMax, bytesMax: 1 << 20)
    do throws(RemoteFault) {
      let response = try client.probe(request)
      let status = response.status
      if (200..<300).contains(status) || [404, 405, 429].contains(status) { return .well }
      return .away(
        client.service.address.withoutKey(
          RemoteFault(status: status, message: RemoteSpeechClient.message(in: response)).why))
    } catch {
      return .away(client.service.address.withoutKey(error.why))
    }
  }
}
