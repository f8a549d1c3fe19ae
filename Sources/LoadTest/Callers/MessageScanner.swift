package import CallCore
package import JSON
package import Wires

/// What a load call needs to know of a text message. Most of them are of no concern to it and are told by their first bytes, as our server
/// writes them; what begins otherwise is read in full.
package enum MessageScanner: Equatable {
  /// Of no concern.
  case nothing
  /// The call has begun.
  case ready
  /// What was sent and is not heard yet is to be dropped.
  case clear
  /// The agent says this.
  case says(String)
  /// The call cannot go on.
  case error(code: String)
  /// The call is over.
  case ended(CloseReason)

  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - followsWords: whether the agent's words are wanted.
  package init(_ bytes: UnsafeRawBufferPointer, followsWords: Bool) throws(WireFault) {
    switch Self.kind(of: bytes) {
    case .some("speech"), .some("transcript"), .some("state"), .some("tool"), .some("turn"): self = .nothing
    case .some("agent") where !followsWords: self = .nothing
    case .some("ended"):
      // The record behind it may be long, and nobody wants it here.
      if let reason = Self.text(of: "\",\"reason\":\"", behind: "ended", in: bytes).flatMap(CloseReason.init) {
        self = .ended(reason)
      } else {
        self = try Self.reading(bytes)
      }
    default: self = try Self.reading(bytes)
    }
  }

  /// - Parameter message: one that is read already.
  package init(_ message: ServerMessage) {
    self =
      switch message {
      case .ready: .ready
      case .clear: .clear
      case .agent(let notice) where notice.state == .started: .says(notice.text)
      case .error(let code, _, true): .error(code: code)
      case .ended(let reason, _): .ended(reason)
      case .speech, .transcript, .state, .agent, .tool, .turn, .error, .unknown: .nothing
      }
  }

  private static func reading(_ bytes: UnsafeRawBufferPointer) throws(WireFault) -> MessageScanner {
    MessageScanner(try ServerMessage(decoding: bytes))
  }

  private static let head: StaticString = "{\"type\":\""
  /// Longest name of a message.
  private static let kindBytesMax = 16

  private static func kind(of bytes: UnsafeRawBufferPointer) -> String? {
    starts(bytes, with: head) ? text(in: bytes, from: head.utf8CodeUnitCount) : nil
  }

  private static func text(
    of member: StaticString, behind kind: String, in bytes: UnsafeRawBufferPointer
  ) -> String? {
    let place = head.utf8CodeUnitCount + kind.utf8.count
    guard place < bytes.count, starts(UnsafeRawBufferPointer(rebasing: bytes[place...]), with: member) else {
      return nil
    }
    return text(in: bytes, from: place + member.utf8CodeUnitCount)
  }

  /// The text up to the next quotation mark; at most 15 bytes of it need no memory of their own.
  private static func text(in bytes: UnsafeRawBufferPointer, from start: Int) -> String? {
    guard start < bytes.count else { return nil }
    let rest = bytes[start..<min(bytes.count, start + kindBytesMax)]
    return rest.firstIndex(of: UInt8(ascii: "\"")).map { String(decoding: rest[start..<$0], as: UTF8.self) }
  }

  private static func starts(_ bytes: UnsafeRawBufferPointer, with text: StaticString) -> Bool {
    guard bytes.count >= text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { wanted in wanted.indices.allSatisfy { bytes[$0] == wanted[$0] } }
  }
}
