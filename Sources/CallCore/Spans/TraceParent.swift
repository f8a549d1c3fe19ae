/// Names a trace in every program that takes part in it.
public struct TraceID: Sendable, Hashable {
  /// The first eight bytes.
  public let high: UInt64
  /// The last eight bytes.
  public let low: UInt64

  /// - Returns: `nil` for nothing but zeros, which no trace is named.
  public init?(high: UInt64, low: UInt64) {
    guard high != 0 || low != 0 else { return nil }
    (self.high, self.low) = (high, low)
  }

  /// - Parameters:
  ///   - high: drawn.
  ///   - low: drawn; of nothing but zeros the last bit is set.
  public init(drawn high: UInt64, _ low: UInt64) {
    (self.high, self.low) = (high, high == 0 && low == 0 ? 1 : low)
  }

  /// 32 digits.
  public var text: String { high.hexDigits + low.hexDigits }
}

/// Names a span within its trace.
public struct SpanID: Sendable, Hashable {
  /// Its eight bytes.
  public let value: UInt64

  /// - Returns: `nil` for nothing but zeros, which no span is named.
  public init?(_ value: UInt64) {
    guard value != 0 else { return nil }
    self.value = value
  }

  /// - Parameter value: 0 becomes 1.
  init(notZero value: UInt64) { self.value = max(value, 1) }

  /// 16 digits.
  public var text: String { value.hexDigits }
}

/// The `traceparent` of W3C Trace Context: which trace a request belongs to, and under which of its spans.
public struct TraceParent: Sendable, Hashable {
  /// The trace.
  public var trace: TraceID
  /// The span that what is asked for stands under.
  public var span: SpanID
  /// Bit 0: the trace is kept; bit 1: its id was drawn. The others have no meaning yet, and are not passed on.
  public var flags: UInt8

  /// Whether the trace is kept by whoever sent it.
  public var isSampled: Bool { flags & Self.sampled != 0 }

  /// See `flags`.
  public static let sampled: UInt8 = 1
  /// See `flags`.
  private static let known: UInt8 = 3

  /// - Parameter flags: those without a meaning are left out.
  public init(trace: TraceID, span: SpanID, flags: UInt8) {
    (self.trace, self.span, self.flags) = (trace, span, flags & Self.known)
  }

  /// Reads what W3C's recommendation says (section 3.2): lower-case digits, no version `ff`, no id of zeros. Of a later version than 00, more
  /// may follow behind another dash.
  ///
  /// - Returns: `nil` for anything else, which is to be ignored.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= Self.length, [2, 35, 52].allSatisfy({ bytes[$0] == Self.dash }),
      let version = UInt64(hexDigits: bytes[0..<2]), version != 0xFF,
      let high = UInt64(hexDigits: bytes[3..<19]), let low = UInt64(hexDigits: bytes[19..<35]),
      let span = UInt64(hexDigits: bytes[36..<52]).flatMap(SpanID.init),
      let flags = UInt64(hexDigits: bytes[53..<55]), let trace = TraceID(high: high, low: low)
    else { return nil }
    let isWhole = bytes.count == Self.length || version > 0 && bytes[Self.length] == Self.dash
    guard isWhole else { return nil }
    self.init(trace: trace, span: span, flags: UInt8(flags))
  }

  /// As version 00 writes it.
  public var text: String { "00-\(trace.text)-\(span.text)-0\(flags)" }

  /// Of version 00, in bytes.
  private static let length = 55
  private static let dash = UInt8(ascii: "-")
}

extension UInt64 {
  /// 16 lower-case digits.
  fileprivate var hexDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// - Returns: `nil` when one is no lower-case digit, or they are more than 16.
  fileprivate init?(hexDigits bytes: ArraySlice<UInt8>) {
    guard bytes.count <= 16 else { return nil }
    var value: UInt64 = 0
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    self = value
  }
}
