import CSherpaOnnx
package import CallCore
package import CallDriver
import Glibc
import Threads

/// A model that hears speech while it is spoken, through sherpa-onnx. Safe to share by threads, each of which has a stream of its own.
///
/// A turn whose words were asked for while it went on is heard on from there, until they were asked for as those of a whole turn: that ends what
/// was heard, and a turn that goes on all the same is heard from its start once more. Which turn that is, its samples tell: the same samples leave the
/// model in the same state, whoever said them.
package final class SherpaStreamingRecognizer: SpeechRecognizer {
  /// Turns that go on at once, of all calls; beyond, the one that was heard longest ago is forgotten, and heard from its start again.
  private static let turnsMax = 64
  private static let sampleRate = 16_000
  /// A turn of which no more came for that long is over, in microseconds: no turn is longer.
  private static let silenceMax = UInt64(TurnLimits().turnDurationMax.microseconds)

  private let model: Loaded
  private let now: @Sendable () -> UInt64
  /// Oldest first. A turn that is being heard is not among them.
  private let turns = Locked<[HeardTurn]>([])

  /// Opened once and never changed.
  private final class Loaded: @unchecked Sendable {
    let library: OpaquePointer
    let recognizer: OpaquePointer

    init(library: OpaquePointer, recognizer: OpaquePointer) {
      self.library = library
      self.recognizer = recognizer
    }

    deinit { sherpa_unload_streaming(library, recognizer) }
  }

  /// A turn so far. Of one thread at a time: whoever takes it out of the list has it alone.
  private final class HeardTurn: @unchecked Sendable {
    private let model: Loaded
    private let stream: OpaquePointer
    private(set) var samples: [Int16] = []
    /// When it was put into the list, in microseconds.
    var heardAt: UInt64 = 0

    init(_ model: Loaded) throws(EngineError) {
      guard let stream = sherpa_open_stream(model.library, model.recognizer) else {
        throw .library(function: "SherpaOnnxCreateOnlineStream", code: 0)
      }
      self.model = model
      self.stream = stream
    }

    deinit { sherpa_close_stream(model.library, stream) }

    /// - Parameter turn: begins with what was heard so far.
    func hear(_ turn: [Int16], isLast: Bool) throws(EngineError) -> String {
      let new = turn[samples.count...].map { Float($0) / 32_768 }
      let rate = Int32(SherpaStreamingRecognizer.sampleRate)
      let said = sherpa_hear(
        model.library, model.recognizer, stream, rate, new, Int32(new.count), isLast ? 1 : 0)
      guard let said else { throw .library(function: "SherpaOnnxGetOnlineStreamResult", code: 0) }
      defer { free(said) }
      samples = turn
      return String(cString: said)
    }
  }

  /// - Parameter now: microseconds of a clock that does not go back.
  /// - Throws: `.modelUnavailable` with the first path that is missing, or with the folder of the model when sherpa-onnx refuses it.
  package init(
    _ model: ModelDescription, library path: String, now: @escaping @Sendable () -> UInt64 = MonotonicClock.now
  ) throws(EngineError) {
    try model.checkFiles()
    guard let library = sherpa_open(path) else { throw .modelUnavailable(path: path) }
    let rate = Int32(model.sampleRate ?? Self.sampleRate)
    let loaded = SherpaFields(model).withFields { sherpa_load_streaming(library, $0, $1, rate, Int32(model.threads)) }
    guard let loaded else { throw .modelUnavailable(path: model.folder) }
    self.model = Loaded(library: library, recognizer: loaded)
    self.now = now
  }

  /// Turns that are kept to be heard on.
  package var turnsKept: Int { turns.withLock(\.count) }

  package func transcribe(_ turn: [Int16]) throws(EngineError) -> String { try hear(turn, isLast: true) }

  package func transcribeSoFar(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String {
    try hear(turn, isLast: false)
  }

  private func hear(_ turn: [Int16], isLast: Bool) throws(EngineError) -> String {
    let known = take(turn)
    let heard = if let known { known } else { try HeardTurn(model) }
    let text = try heard.hear(turn, isLast: isLast)
    if !isLast {
      heard.heardAt = now()
      turns.withLock { turns in
        if turns.count == Self.turnsMax { turns.removeFirst() }
        turns.append(heard)
      }
    }
    return text.contains { $0.isLetter || $0.isNumber }
      ? text.split(whereSeparator: \.isWhitespace).joined(separator: " ") : ""
  }

  /// The turn that was heard farthest among those that `turn` begins with.
  private func take(_ turn: [Int16]) -> HeardTurn? {
    let now = now()
    return turns.withLock { turns in
      turns.removeAll { now > $0.heardAt + Self.silenceMax }
      let found = turns.indices.filter { turn.starts(with: turns[$0].samples) }
        .max { turns[$0].samples.count < turns[$1].samples.count }
      return found.map { turns.remove(at: $0) }
    }
  }
}
