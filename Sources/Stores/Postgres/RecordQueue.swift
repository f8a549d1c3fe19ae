import Bounds

/// Records on their way to the database, oldest first, bounded by entries and by bytes: what does not fit is refused.
struct RecordQueue {
  private var records = Queue<PostgresRecord>()
  /// Memory of the records in it.
  private(set) var bytes = 0
  /// Records that were ever taken in.
  private(set) var taken = 0
  /// Records that ever left it, written or not. They leave in their order, so the first `settled` ones are through.
  private(set) var settled = 0

  private var counts: [TableQuota: Int] = [:]

  /// Records in it.
  var count: Int { records.count }

  /// Those of a table.
  func count(of quota: TableQuota) -> Int { counts[quota] ?? 0 }

  /// Takes a record in. One that is larger than the bound is taken alone: it takes no more memory here than it did before.
  /// - Returns: false when there is no room.
  mutating func append(_ record: PostgresRecord, entriesMax: Int, bytesMax: Int) -> Bool {
    guard count == 0 || (count < entriesMax && bytes + record.byteCount <= bytesMax) else { return false }
    records.append(record)
    counts[record.quota, default: 0] += 1
    bytes += record.byteCount
    taken += 1
    return true
  }

  /// The oldest records, at least one where there is any.
  func front(entriesMax: Int, bytesMax: Int) -> [PostgresRecord] {
    var front: [PostgresRecord] = []
    var sum = 0
    for record in records.prefix(entriesMax) {
      guard front.isEmpty || sum + record.byteCount <= bytesMax else { break }
      front.append(record)
      sum += record.byteCount
    }
    return front
  }

  /// Takes the oldest `count` records out.
  mutating func removeFirst(_ count: Int) {
    for _ in 0..<count {
      guard let record = records.popFirst() else { return }
      bytes -= record.byteCount
      counts[record.quota, default: 0] -= 1
      settled += 1
    }
  }
}

/// Something that waits to be written.
struct PostgresRecord: Sendable {
  /// Where it belongs.
  let quota: TableQuota
  /// For messages.
  let id: String
  /// Puts it in the place of what has the same id, so that a transaction whose end nobody heard of can be repeated. The first gives
  /// back the record's number, by how many bytes the table grew, and whether it is new there.
  let statements: [PostgresStatement]
  /// Memory that it takes.
  let byteCount: Int

  init(quota: TableQuota, id: String, statements: [PostgresStatement]) {
    self.quota = quota
    self.id = id
    self.statements = statements
    byteCount = statements.reduce(200) { sum, statement in statement.values.reduce(sum) { $0 + 40 + $1.byteCount } }
  }
}
