import CallCore
import JSON

extension WireFault {
  /// Why a key that came in a message opens no call.
  init(_ refusal: KeyRefusal) {
    switch refusal {
    case .missing: self.init(.wrongKey, "apiKey: this server wants a key, got none")
    case .wrong: self.init(.wrongKey, "apiKey: there is no such key")
    case .scope(let scope): self.init(.wrongKey, "apiKey: the key opens no calls: it lacks the scope \(scope.rawValue)")
    case .expired: self.init(.inactiveKey, "apiKey: the key has expired")
    case .revoked: self.init(.inactiveKey, "apiKey: the key was revoked")
    case .rate(let seconds):
      self.init(.busy, "apiKey: the key has made all its requests of this minute; try again in \(seconds) s")
    case .throttled(let seconds):
      self.init(.busy, "apiKey: too many wrong keys came from this address; try again in \(seconds) s")
    case .unknown: self.init(.busy, "apiKey: the keys of this server cannot be read now; try again in 2 s")
    }
  }
}
