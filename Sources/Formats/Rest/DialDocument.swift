package import JSON

/// What REST tells of telephone calls that are placed from here.
package struct DialFigures: Sendable {
  /// Which settings are missing before anything is dialed; `nil`: none.
  package var missing: String?
  /// Why nothing is dialed now; `nil`: it is.
  package var stopped: String?
  /// What numbers that may be dialed begin with.
  package var prefixes: [String]
  /// Calls under way.
  package var underWay: Int
  /// Calls that were asked for since the start.
  package var placed: Int
  /// Calls that a key may begin in a minute.
  package var perMinute: Int
  /// Calls that a key may begin in a day.
  package var perDay: Int
  /// Calls of all keys at once.
  package var atOnce: Int
  /// Calls that this request ended; `nil` where it ends none.
  package var ended: Int?

  package init(
    missing: String?, stopped: String?, prefixes: [String], underWay: Int, placed: Int, perMinute: Int, perDay: Int,
    atOnce: Int, ended: Int? = nil
  ) {
    (self.missing, self.stopped, self.prefixes) = (missing, stopped, prefixes)
    (self.underWay, self.placed, self.perMinute) = (underWay, placed, perMinute)
    (self.perDay, self.atOnce, self.ended) = (perDay, atOnce, ended)
  }
}

extension JSONObject {
  /// What `/api/dial` answers.
  package static func dialing(_ figures: DialFigures) -> JSONObject {
    JSONObject { writer in
      writer.field("on", figures.missing == nil && figures.stopped == nil)
      writer.field("why", figures.missing ?? figures.stopped)
      writer.list("prefixes", figures.prefixes)
      writer.field("calls", figures.underWay)
      writer.field("placed", figures.placed)
      writer.field("perMinute", figures.perMinute)
      writer.field("perDay", figures.perDay)
      writer.field("atOnce", figures.atOnce)
      if let ended = figures.ended { writer.field("ended", ended) }
    }
  }

  /// What a webhook of a provider is answered.
  package static func webhook(id: String, status: String) -> JSONObject {
    JSONObject { writer in
      writer.field("run_id", id)
      writer.field("status", status)
    }
  }
}
