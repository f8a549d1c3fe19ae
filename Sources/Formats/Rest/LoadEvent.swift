import CallCore
public import JSON

/// One line of what `voiceforge load --progress json` prints: a JSON object whose `type` says what it tells.
public enum LoadEvent: Sendable, Equatable {
  /// `generators`: those that are to place the calls come.
  case generators(LoadGathering)
  /// `second`: another second is over.
  case second(LoadSecond)
  /// `result`: what came of the run, the object of `voiceforge load --json` without its seconds.
  case result(JSONValue)
  /// `page`: the report, its `html` a whole page.
  case page(String)

  /// - Parameter bytes: the line without its end, UTF-8. The caller bounds its length.
  /// - Throws: what is wrong.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: bytes, nestingMax: WireLimits.nestingMax)
    } catch {
      throw WireFault(.malformedJSON, "not JSON: \(error)")
    }
    let fields = try JSONFields(value, place: "line")
    switch try fields.text("type") {
    case "generators": self = .generators(try LoadGathering(value))
    case "second": self = .second(try LoadSecond(value))
    case "result":
      guard case .object(var members) = value else { throw fields.wrongType("result", "an object", value) }
      members["type"] = nil
      self = .result(.object(members))
    case "page": self = .page(try fields.text("html"))
    case let other: throw WireFault(.unknownType, "line.type: there is no \(other.quoted)")
    }
  }
}

/// Generators of a load test that is to begin: how many of them are there.
public struct LoadGathering: Sendable, Equatable, JSONDocument {
  /// So many are waited for.
  public var wanted: Int
  /// So many came.
  public var joined: Int
  /// So many of them have everything that they need.
  public var ready: Int

  /// - Parameters: 0 and up.
  public init(wanted: Int, joined: Int, ready: Int) { (self.wanted, self.joined, self.ready) = (wanted, joined, ready) }

  /// - Parameter value: an object with all members.
  /// - Throws: what is wrong, with the member's name.
  public init(_ value: JSONValue) throws(WireFault) {
    let fields = try JSONFields(value, place: "generators")
    let range = 0...LoadRequest.generatorsMax
    wanted = try fields.number("wanted", range)
    joined = try fields.number("joined", range)
    ready = try fields.number("ready", range)
  }

  /// Writes all members.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("wanted", wanted)
    writer.field("joined", joined)
    writer.field("ready", ready)
  }
}

/// One second of a load test as its generator tells it and as the page's charts are drawn; the members are those of `seconds` in the JSON
/// of `voiceforge load`.
public struct LoadSecond: Sendable, Equatable, JSONDocument {
  /// End of the second, in milliseconds since the start of the plan.
  public var atMs = 0
  /// Calls that are up at that moment.
  public var active = 0
  /// Calls begun so far.
  public var offered = 0
  /// So far.
  public var refused = 0
  /// So far.
  public var failed = 0
  /// So far.
  public var completed = 0
  /// Turns in this second.
  public var turns = 0
  /// Median turn latency of this second in milliseconds; `nil` without a turn.
  public var p50Ms: Int?
  /// See `p50Ms`.
  public var p95Ms: Int?
  /// See `p50Ms`.
  public var p99Ms: Int?
  /// Agent packets in this second.
  public var framesReceived = 0
  /// Those that came over 20 ms late.
  public var framesLate = 0
  /// Caller packets in this second.
  public var framesSent = 0
  /// Those that the generator sent over 20 ms late.
  public var framesSentLate = 0
  /// Thousandths of a core that the server used in this second; `nil` where it does not tell.
  public var serverMillicores: Int?
  /// Resident bytes of the server; `nil` where it does not tell.
  public var serverBytes: Int?
  /// Thousandths of a core that the generator used in this second.
  public var generatorMillicores = 0
  /// Whether the plan's full load was on.
  public var isFull = false

  /// Nothing happened at 0.
  public init() {}

  /// - Parameter value: an object with all members; a count that is absent is 0.
  /// - Throws: what is wrong, with the member's name.
  public init(_ value: JSONValue) throws(WireFault) {
    let fields = try JSONFields(value, place: "second")
    atMs = try fields.number("atMs", 0...WireLimits.wholeNumberMax)
    let limits = 0...WireLimits.wholeNumberMax
    for (name, member) in Self.counts { self[keyPath: member] = try fields.optionalNumber(name, limits) ?? 0 }
    for (name, member) in Self.waits { self[keyPath: member] = try fields.optionalNumber(name, limits) }
    serverMillicores = try Self.thousandths("serverCores", fields)
    generatorMillicores = try Self.thousandths("generatorCores", fields) ?? 0
    if fields["isFull"] != nil { isFull = try fields.flag("isFull") }
  }

  /// Writes all members.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("atMs", atMs)
    for (name, member) in Self.counts { writer.field(name, self[keyPath: member]) }
    for (name, member) in Self.waits { writer.field(name, self[keyPath: member]) }
    if let serverMillicores {
      writer.field("serverCores", thousandths: serverMillicores)
    } else {
      writer.field("serverCores", Int?.none)
    }
    writer.field("generatorCores", thousandths: generatorMillicores)
    writer.field("isFull", isFull)
  }

  private static var counts: [(String, WritableKeyPath<LoadSecond, Int>)] {
    [
      ("active", \.active), ("offered", \.offered), ("refused", \.refused), ("failed", \.failed),
      ("completed", \.completed), ("turns", \.turns), ("framesReceived", \.framesReceived),
      ("framesLate", \.framesLate), ("framesSent", \.framesSent), ("framesSentLate", \.framesSentLate),
    ]
  }

  private static var waits: [(String, WritableKeyPath<LoadSecond, Int?>)] {
    [("p50Ms", \.p50Ms), ("p95Ms", \.p95Ms), ("p99Ms", \.p99Ms), ("serverBytes", \.serverBytes)]
  }

  /// More cores than any machine has.
  private static let coresMax = 1e6

  private static func thousandths(_ name: String, _ fields: JSONFields) throws(WireFault) -> Int? {
    switch fields[name] {
    case nil: nil
    case .integer(let number) where (0...Int64(coresMax)).contains(number): Int(number) * 1000
    case .number(let number) where (0...coresMax).contains(number): Int(nearest: number * 1000)
    case .some(let value): throw fields.outOfRange(name, "a number from 0", value)
    }
  }
}
