package import CallCore
package import CallDriver
import JSON

/// Campaigns in a database; see `PostgresDatabase`. Of several servers, one runs a campaign: the row of the campaign says which, and until
/// when by the database's clock. What a number came to is changed in its own row, on the condition of what it was.
package final class PostgresCampaignStore: CampaignStore {
  private let database: PostgresDatabase
  private let resources: PostgresTelephonyStore<Campaign>

  package init(_ database: PostgresDatabase) {
    self.database = database
    resources = PostgresTelephonyStore(database, .campaigns, limits: database.core.settings.campaigns)
  }

  package var campaigns: any TelephonyResourceStore<Campaign> { resources }

  package func add(_ campaign: Campaign, numbers: [String]) throws(StoreError) -> TelephonyChange {
    var writer = JSONWriter()
    writer.list(numbers) { $0.value($1) }
    let list = PostgresStatement(
      "add-campaign-numbers",
      """
      INSERT INTO voiceforge_campaign_numbers (campaign, position, phone)
      SELECT (SELECT number FROM voiceforge_campaigns WHERE id = $1), place - 1, phone
      FROM jsonb_array_elements_text($2) WITH ORDINALITY AS list (phone, place)
      """, [.text(campaign.id), .json(writer.bytes)])
    let limits = database.core.settings.campaigns
    return try database.reader.change(.campaigns) {
      connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let change = try TelephonyTable<Campaign>.campaigns.add(campaign, limits, connection, &fill, deadline)
      if change == .done { _ = try connection.run([list], until: deadline) }
      return change
    }
  }

  package func numbers(of id: String) throws(StoreError) -> [CampaignNumber] {
    let rows = try database.reader.rows(
      PostgresStatement(
        "campaign-numbers",
        """
        SELECT position, phone, state, call_id, reason FROM voiceforge_campaign_numbers
        WHERE campaign = (SELECT number FROM voiceforge_campaigns WHERE id = $1) ORDER BY position
        """, [.text(id)]))
    return (0..<rows.count).map { row in
      var number = CampaignNumber(position: rows.integer(row, 0) ?? 0, number: rows.text(row, 1))
      number.state = CampaignNumber.State(rawValue: rows.text(row, 2)) ?? .failed
      number.callID = rows.isNull(row, 3) ? nil : rows.text(row, 3)
      number.reason = rows.isNull(row, 4) ? nil : rows.text(row, 4)
      return number
    }
  }

  package func counts(of owner: String?) throws(StoreError) -> [String: CampaignCounts] {
    let rows = try database.reader.rows(
      PostgresStatement(
        "campaign-counts",
        """
        SELECT campaign.id, list.state, count(*) FROM voiceforge_campaigns campaign
        JOIN voiceforge_campaign_numbers list ON list.campaign = campaign.number
        WHERE $1::text IS NULL OR campaign.owner = $1 GROUP BY campaign.id, list.state
        """, [owner.map { .text($0) } ?? .null]))
    var counts: [String: CampaignCounts] = [:]
    for row in 0..<rows.count {
      guard let state = CampaignNumber.State(rawValue: rows.text(row, 1)) else { continue }
      counts[rows.text(row, 0), default: CampaignCounts()].add(rows.integer(row, 2) ?? 0, state)
    }
    return counts
  }

  package func unfinished() throws(StoreError) -> [Campaign] {
    let table = TelephonyTable<Campaign>.campaigns
    let rows = try database.reader.rows(
      table.selection("unfinished", "resource->>'status' IN ('running', 'scheduled') ORDER BY number"))
    return try rows.values("a campaign") { row throws(WireFault) in try table.read(rows.bytes(row, 0)) }
  }

  package func lease(_ id: String, to runner: String, for time: CallDuration) throws(StoreError) -> Bool {
    try isDone(
      PostgresStatement(
        "lease-campaign",
        """
        UPDATE voiceforge_campaigns SET runner = $2, leased_until = now() + $3::bigint * interval '1 microsecond'
        WHERE id = $1 AND (runner IS NULL OR runner = $2 OR leased_until < now()) RETURNING 1
        """, [.text(id), .text(runner), .integer(time.microseconds)]))
  }

  /// Twice is once, so a broken connection is no trouble: the second time finds the number claimed for the same call.
  package func claim(
    _ position: Int, of id: String, for callID: String, by runner: String
  ) throws(StoreError) -> Bool {
    try isDone(
      PostgresStatement(
        "claim-campaign-number",
        """
        UPDATE voiceforge_campaign_numbers list SET state = 'claimed', call_id = $3 FROM voiceforge_campaigns campaign
        WHERE campaign.id = $1 AND campaign.runner = $4 AND campaign.leased_until > now()
          AND campaign.resource->>'status' = 'running' AND list.campaign = campaign.number AND list.position = $2
          AND (list.state = 'waiting' OR (list.state = 'claimed' AND list.call_id = $3)) RETURNING 1
        """, [.text(id), .integer(Int64(position)), .text(callID), .text(runner)]))
  }

  package func settle(
    _ position: Int, of id: String, from old: CampaignNumber.State, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Bool {
    try isDone(
      PostgresStatement(
        "settle-campaign-number",
        """
        UPDATE voiceforge_campaign_numbers SET state = $4, reason = $5
        WHERE campaign = (SELECT number FROM voiceforge_campaigns WHERE id = $1) AND position = $2 AND state = $3 RETURNING 1
        """,
        [
          .text(id), .integer(Int64(position)), .text(old.rawValue), .text(state.rawValue),
          reason.map { .text($0) } ?? .null,
        ]))
  }

  package func settle(
    callID: String, of id: String, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Int? {
    let rows = try database.reader.rows(
      PostgresStatement(
        "settle-campaign-call",
        """
        UPDATE voiceforge_campaign_numbers SET state = $3, reason = $4
        WHERE campaign = (SELECT number FROM voiceforge_campaigns WHERE id = $1) AND call_id = $2 AND state = 'claimed'
        RETURNING position
        """, [.text(id), .text(callID), .text(state.rawValue), reason.map { .text($0) } ?? .null]))
    return rows.count == 1 ? rows.integer(0, 0) : nil
  }

  package func unclaim(callID: String, of id: String, reason: String) throws(StoreError) -> Bool {
    try isDone(
      PostgresStatement(
        "unclaim-campaign-number",
        """
        UPDATE voiceforge_campaign_numbers SET
          state = CASE phone WHEN '' THEN 'failed' ELSE 'waiting' END,
          call_id = CASE phone WHEN '' THEN call_id END, reason = CASE phone WHEN '' THEN $3 END
        WHERE campaign = (SELECT number FROM voiceforge_campaigns WHERE id = $1) AND call_id = $2 AND state = 'claimed'
        RETURNING 1
        """, [.text(id), .text(callID), .text(reason)]))
  }

  package func erase(_ number: String, reason: String) throws(StoreError) -> Int {
    try database.reader.rows(
      PostgresStatement(
        "erase-campaign-number",
        """
        UPDATE voiceforge_campaign_numbers SET phone = '',
          reason = CASE state WHEN 'waiting' THEN $2 ELSE reason END,
          state = CASE state WHEN 'waiting' THEN 'failed' ELSE state END
        WHERE phone = $1 RETURNING 1
        """, [.text(number), .text(reason)])
    ).count
  }

  private func isDone(_ statement: PostgresStatement) throws(StoreError) -> Bool {
    try database.reader.rows(statement).count == 1
  }
}
