public import CallCore
public import JSON

/// What `POST /test/run` asks for, in the JSON of the predecessor *Voice Framework*.
///
/// The last five members are ours: the predecessor's clients do not send them.
public struct TestRunRequest: Sendable, Equatable {
  /// Id of the case.
  public var testID: String
  /// Whose telephone lines.
  public var provider = "twilio"
  /// How.
  public var mode = TestRun.Mode.simulation
  /// Number to be called; a live run needs it.
  public var toNumber: String?
  /// Number that is shown to the called.
  public var fromNumber: String?
  /// Kept with the run. Values that are no texts become the text of their JSON.
  public var metadata: [String: String] = [:]
  /// Whether the answer waits for the end of the run: unless told otherwise, that of a simulation does, and that of a call waits until it is placed.
  public var waits = true
  /// Whether the call is held with sound; without, it takes a millisecond. A live call always has it.
  public var hasSound = true
  /// Whether the report of a live run keeps the sound of the call.
  public var isRecorded = false
  /// Whether a live run leaves out expectations that a telephone cannot answer, rather than being refused.
  public var skipsUnobservable = false
  /// The run's luck, 0 and up.
  public var seed = 1

  /// Largest body: room for metadata of `WireLimits.metadataBytesMax`, all of it escaped.
  public static let bytesMax = 32_768
  /// Characters of a provider's name and of a telephone number: E.164 has 15 digits, SIP addresses are longer.
  public static let nameMax = 200

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "run", bytesMax: Self.bytesMax)
    testID = try fields.text("test_id", 1...CaseLimits.idMax)
    provider = try fields.optionalText("provider", 1...Self.nameMax) ?? provider
    mode = try fields.optionalChoice("mode", of: TestRun.Mode.allCases) ?? mode
    toNumber = try fields.optionalText("to_number", 0...Self.nameMax).flatMap { $0.isEmpty ? nil : $0 }
    fromNumber = try fields.optionalText("from_number", 0...Self.nameMax).flatMap { $0.isEmpty ? nil : $0 }
    metadata = try Self.metadata(fields)
    waits = try fields["wait"] == nil ? mode == .simulation : fields.flag("wait")
    if fields["record"] != nil { isRecorded = try fields.flag("record") }
    if fields["skip_unobservable"] != nil { skipsUnobservable = try fields.flag("skip_unobservable") }
    if fields["sound"] != nil { hasSound = try fields.flag("sound") }
    seed = try fields.optionalSeed("seed", 0...Int.max) ?? seed
  }

  private static func metadata(_ fields: JSONFields) throws(WireFault) -> [String: String] {
    guard let value = fields["metadata"] else { return [:] }
    guard case .object(let members) = value else { throw fields.wrongType("metadata", "an object", value) }
    let texts = members.mapValues(\.plainText)
    let size = texts.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    guard texts.count <= WireLimits.metadataEntriesMax, size <= WireLimits.metadataBytesMax else {
      let limits = "\(WireLimits.metadataEntriesMax) entries and \(WireLimits.metadataBytesMax) bytes"
      throw WireFault(.tooLong, "run.metadata: expected at most \(limits), got \(texts.count) entries of \(size) bytes")
    }
    // What no database keeps.
    guard !texts.contains(where: { $0.key.utf8.contains(0) || $0.value.utf8.contains(0) }) else {
      throw WireFault(.outOfRange, "run.metadata: expected texts without NUL characters, got one with")
    }
    return texts
  }
}

extension JSONValue {
  /// A text as it is, anything else as JSON.
  fileprivate var plainText: String {
    if case .string(let text) = self { return text }
    var writer = JSONWriter()
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
