import CallCore
import Synchronization

/// One of the options that say what the caller does, and its place among them.
struct CallStep {
  /// What was asked for.
  enum Deed {
    case say(String)
    case play(String)
    case press([Key])
    case type(String)
    /// The next deed is done over the agent's voice, so long after it began.
    case interrupt(CallDuration)
  }

  let deed: Deed
  /// ArgumentParser keeps the order within one option, not across several. It reads the command line from left to right, though,
  /// so each step takes a number when it is read.
  let place = Self.taken.add(1, ordering: .relaxed).newValue

  private static let taken = Atomic<Int>(0)

  init(_ deed: Deed) { self.deed = deed }

  static func say(_ text: String) throws -> CallStep {
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
      throw CommandFault("there are no words in it")
    }
    return CallStep(.say(text))
  }

  static func play(_ file: String) -> CallStep { CallStep(.play(file)) }

  static func type(_ text: String) throws -> CallStep {
    guard !text.isEmpty, text.count <= 1000 else {
      throw CommandFault("expected 1 to 1000 characters, got \(text.count)")
    }
    return CallStep(.type(text))
  }

  static func press(_ text: String) throws -> CallStep {
    let keys = text.compactMap(Key.init)
    guard keys.count == text.count, (1...32).contains(keys.count) else {
      throw CommandFault("expected 1 to 32 of 0-9, * and #")
    }
    return CallStep(.press(keys))
  }

  static func interrupt(_ text: String) throws -> CallStep {
    guard let milliseconds = Int(text), (0...60_000).contains(milliseconds) else {
      throw CommandFault("expected 0 to 60000 milliseconds")
    }
    return CallStep(.interrupt(.milliseconds(milliseconds)))
  }
}
