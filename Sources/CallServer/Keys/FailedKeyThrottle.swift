import Bounds
package import CallCore

/// Where wrong keys came from lately. A value that is told the time.
///
/// Keys and call tokens that the server made have 256 random bits, which nobody guesses: a right one is good whatever else comes from
/// its address, and wrong ones are only told to slow down. The environment's key was thought up by somebody and may be weak. To look
/// at a guess is to answer it, so from an address that guessed too often it is not looked at for a while, right or wrong, whoever was
/// right there before. Its holder beside a guesser uses a made key meanwhile.
package struct FailedKeyThrottle: Sendable {
  /// What was shown.
  package enum Form: Sendable, Hashable {
    /// A key or a token in the form of those that the server makes.
    case made
    /// Any other text: only the environment's key can be one.
    case guess
  }

  private struct Source: Hashable {
    var address: ClientAddress
    var form: Form
  }

  /// Wrong keys of each form that an address may give at once, and then in a minute.
  package static let perMinute = 20
  /// Addresses remembered. While there are more that gave wrong keys within the minute, those that come new are counted by the network
  /// around them (16 bits of IPv4, 32 of IPv6): nobody is forgotten for them, and whoever comes from another network has his own count.
  package static let sourcesMax = 4096
  /// Networks remembered then; further ones are counted as one.
  package static let networksMax = 1024
  /// How often it is looked who can be forgotten.
  private static let sweepInterval = CallDuration.seconds(1)

  private var sources: [Source: TokenBucket] = [:]
  private var networks: [Source: TokenBucket] = [:]
  private var sweptAt: Timestamp?

  /// Nobody yet.
  package init() {}

  /// Addresses and networks that are remembered.
  package var count: Int { sources.count + networks.count }

  /// - Returns: the seconds until something wrong of this form is looked at; `nil`: it is now.
  package func wait(for address: ClientAddress, _ form: Form, at now: Timestamp) -> Int? {
    let source = Source(address: address, form: form)
    if let known = sources[source] { return known.seconds(at: now) }
    return networks.isEmpty ? nil : networks[network(of: source)]?.seconds(at: now)
  }

  /// Something wrong came.
  package mutating func recordFailure(from address: ClientAddress, _ form: Form, at now: Timestamp) {
    let source = Source(address: address, form: form)
    let fresh = TokenBucket(perMinute: Self.perMinute, atOnce: Self.perMinute)
    if sources[source] == nil { sweep(at: now) }
    if sources[source] != nil || sources.count < Self.sourcesMax {
      _ = sources[source, default: fresh].consume(at: now)
    } else {
      _ = networks[network(of: source), default: fresh].consume(at: now)
    }
  }

  private func network(of source: Source) -> Source {
    let network = Source(address: source.address.surroundings, form: source.form)
    guard networks[network] == nil, networks.count >= Self.networksMax else { return network }
    return Source(address: .unknown, form: source.form)
  }

  private mutating func sweep(at now: Timestamp) {
    guard sources.count >= Self.sourcesMax || !networks.isEmpty else { return }
    if let sweptAt, now - sweptAt < Self.sweepInterval { return }
    sweptAt = now
    sources = sources.filter { !$0.value.isFull(at: now.sinceZero) }
    networks = networks.filter { !$0.value.isFull(at: now.sinceZero) }
  }
}

extension TokenBucket {
  /// Takes one away when there is one.
  /// - Returns: `nil`, or the whole seconds after which there is one again.
  mutating func takeOrWait(at now: Timestamp) -> Int? { consume(at: now) ? nil : seconds(at: now) }

  /// The whole seconds until there is one, `nil` when there is.
  func seconds(at now: Timestamp) -> Int? {
    let wait = wait(at: now)
    return wait > 0 ? Int((wait + 999_999) / 1_000_000) : nil
  }

  /// See `consume`.
  mutating func consume(at now: Timestamp) -> Bool { consume(at: now.sinceZero) }

  /// See `wait`.
  func wait(at now: Timestamp) -> UInt64 { wait(at: now.sinceZero) }
}

extension Timestamp {
  /// Microseconds; 0 for an instant before.
  var sinceZero: UInt64 { UInt64(max(microseconds, 0)) }
}
