public import CallCore
public import CallDriver

/// What bounds the work with a database. The defaults suit a server whose database is on the same network.
public struct PostgresSettings: Sendable {
  /// How much is kept of one kind of thing; the oldest make room, and are counted.
  public struct Retention: Sendable, Equatable {
    /// Things, 1 and up.
    public var entriesMax: Int
    /// Bytes, recordings included, by the estimate that the stores in memory use too.
    public var bytesMax: Int
    /// How long a thing is kept, by the database's clock; `nil`: for as long as there is room.
    public var ageMax: CallDuration?

    package init(entriesMax: Int, bytesMax: Int, ageMax: CallDuration? = nil) {
      precondition(entriesMax > 0, "a store keeps at least one thing")
      self.entriesMax = entriesMax
      self.bytesMax = bytesMax
      self.ageMax = ageMax
    }
  }

  /// Of calls: a million of them or 20 GB, which is some 900 hours in Opus, and none longer than 90 days.
  public var calls = Retention(entriesMax: 1_000_000, bytesMax: 20_000_000_000, ageMax: .seconds(90 * 86_400))
  /// Of runs of test cases, likewise.
  public var runs = Retention(entriesMax: 100_000, bytesMax: 1_000_000_000, ageMax: .seconds(90 * 86_400))
  /// Of test cases. Full is full: nobody's case makes room for another, and none grows too old.
  public var cases = Retention(entriesMax: 1000, bytesMax: 16_000_000)
  /// Of keys, as `MemoryKeyStore` has them: a thousand are more than people can keep apart. One that was revoked makes room for another.
  public var keys = Retention(entriesMax: 1000, bytesMax: .max)
  /// Of flows, all versions together, as `MemoryFlowStore` has them. Full is full.
  public var flows = Retention(entriesMax: 200, bytesMax: 32_000_000)
  /// Versions of one flow, 1 and up; the oldest make room.
  public var flowVersionsMax = 50
  /// Of matched voices. Full is full.
  public var voices = Retention(entriesMax: MemoryMatchedVoiceStore.usualMax, bytesMax: .max)
  /// Of usage, a row for each day of a key on a node: three years, or a million rows of some 300 bytes.
  public var usage = Retention(entriesMax: 1_000_000, bytesMax: .max, ageMax: .seconds(1096 * 86_400))
  /// Of accounts at telephone providers. Full is full.
  public var providers = TelephonyLimits.providers
  /// Of telephone numbers. Full is full.
  public var numbers = TelephonyLimits.numbers
  /// Of campaigns. Full is full.
  public var campaigns = TelephonyLimits.campaigns
  /// Of flows of nodes. Full is full.
  public var nodeFlows = TelephonyLimits.nodeFlows
  /// Of telephone calls that keys placed or got: their words and sound are among `calls`.
  public var phonecalls = Retention(entriesMax: 100_000, bytesMax: .max, ageMax: .seconds(90 * 86_400))

  /// Records that wait for the database. Beyond it, and beyond `queueBytesMax`, a record is refused, which its server counts as lost.
  public var queueEntriesMax = 10_000
  /// Memory that they may take, recordings included: 64 MB are three hours of calls in Opus.
  public var queueBytesMax = 64_000_000
  /// Records that go into one transaction: with a hundred, a record costs a hundredth of the round trips, and little is repeated
  /// when a connection breaks.
  public var batchEntriesMax = 100
  /// Bytes that go into one transaction.
  public var batchBytesMax = 4_000_000

  /// Time for a connection to come about.
  public var connectTime = CallDuration.seconds(3)
  /// Time for a transaction of writing; then the connection is given up and the records wait for the next one.
  public var writeTime = CallDuration.seconds(10)
  /// Time for a question, its wait for records that were handed over before it included.
  public var readTime = CallDuration.seconds(3)
  /// The first wait after a connection failed; each further one is twice as long.
  public var retryMin = CallDuration.milliseconds(100)
  /// The longest wait after a connection failed.
  public var retryMax = CallDuration.seconds(5)
  /// How often an idle connection is asked whether it is still there, and how full the database is.
  public var pulsePeriod = CallDuration.seconds(2)
  /// How often what is too old is removed and the rest is counted.
  public var prunePeriod = CallDuration.seconds(600)
  /// How long a stop waits for the queue to be written.
  public var stopTime = CallDuration.seconds(5)

  /// The defaults.
  public init() {}
}
