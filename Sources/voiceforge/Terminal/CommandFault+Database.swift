import Stores

extension CommandFault {
  /// What a database could not do: what a person can mend is wrong input, anything else a target that cannot be reached.
  init(database fault: DatabaseFault) {
    let remedy =
      switch fault.kind {
      case .badAddress: "correct DATABASE_URL or --database"
      case .refused: "correct the user, the password or the database's name in DATABASE_URL or --database"
      case .unfit, .newerSchema, .statement: ""
      case .unreachable, .tooSlow, .lost: "is the server running?"
      }
    self.init(
      "the database cannot be used: \(fault)\(remedy.isEmpty ? "" : "; \(remedy)")",
      fault.needsOperator ? .wrongInput : .unreachable)
  }
}
