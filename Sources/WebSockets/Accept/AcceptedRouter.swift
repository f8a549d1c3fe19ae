import Glibc

/// Chooses the loop for an accepted connection.
struct AcceptedRouter {
  let control: ServiceLoop
  let media: [ServiceLoop]
  let admission: @Sendable () -> AdmissionDecision

  /// Sockets of all loops.
  var socketCount: Int {
    let isControlMedia = media.contains { $0 === control }
    return media.reduce(isControlMedia ? 0 : control.load.socketCount) { $0 + $1.load.socketCount }
  }

  /// - Returns: nil when the call was handed over, else why not; the descriptor is still the caller's then.
  func handCall(_ descriptor: Int32, _ place: ConnectionSlot) -> AdmissionDecision? {
    let decision = admission()
    guard case .admit = decision else { return decision }
    return emptiest.take(descriptor, place) ? nil : .refuse(retryAfterSeconds: 1, reason: "the server is overloaded")
  }

  /// - Returns: false when the media loop is full or gone.
  func handSecure(_ descriptor: Int32, _ place: ConnectionSlot) -> Bool { emptiest.take(descriptor, place) }

  private var emptiest: ServiceLoop {
    media.filter { !$0.load.isStanding }.min { $0.load.socketCount < $1.load.socketCount } ?? media.first ?? control
  }

  /// - Returns: false when the control loop is full or gone.
  func handControl(_ descriptor: Int32, _ place: ConnectionSlot) -> Bool { control.take(descriptor, place) }
}

extension ServiceLoop {
  /// Takes over an accepted socket.
  ///
  /// - Returns: false when the mailbox is full or the loop stands or has stopped; the descriptor is still the caller's then.
  func take(_ descriptor: Int32, _ place: ConnectionSlot) -> Bool {
    guard !load.isStanding else { return false }
    load.socketsChanged(by: 1)
    if mailbox.post({ HTTPConnection.adopt(descriptor, place, by: $0) }) { return true }
    load.socketsChanged(by: -1)
    return false
  }
}
