import CPostgres

/// Where a database is and how to log in there: `postgres://user:password@host:port/database?options`, as libpq reads it.
struct PostgresAddress: Sendable {
  /// The whole, password and all: for libpq's eyes only.
  let url: String
  /// Host, port and database, for logs and people.
  let name: String
  private let password: String
  private let user: String

  private static let advice =
    "expected postgres://user:password@host:port/database with special characters percent-encoded, such as %40 for @"

  /// - Throws: `.badAddress`, or `.unfit` where libpq is missing. libpq's own words for what is wrong are not passed on: they quote the address.
  init(_ url: String) throws(DatabaseFault) {
    guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://"), !url.utf8.contains(0) else {
      throw DatabaseFault(.badAddress, Self.advice)
    }
    if let reason = postgres_open() {
      throw DatabaseFault(.unfit, "libpq cannot be used (\(String(cString: reason))): apt-get install libpq5")
    }
    var complaint: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(url, &complaint) else {
      PQfreemem(complaint)
      throw DatabaseFault(.badAddress, Self.advice)
    }
    defer { PQconninfoFree(options) }
    var parts: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { parts[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    let ports = (parts["port"] ?? "").split(separator: ",")
    // An @ or / in a password that is not encoded makes a host, a port or a database of its rest.
    guard ports.allSatisfy({ UInt16($0) != nil }),
      !["host", "dbname"].contains(where: { parts[$0]?.contains("@") == true })
    else { throw DatabaseFault(.badAddress, Self.advice) }
    self.url = url
    password = parts["password"] ?? ""
    user = parts["user"] ?? ""
    let host = parts["host"].flatMap { $0.isEmpty ? nil : $0 } ?? parts["hostaddr"] ?? "this machine"
    name = "\(parts["dbname"] ?? "the default database") on \(host)\(parts["port"].map { ":\($0)" } ?? "")"
  }

  /// A message in one line, without the user's name and without the password, should it be in there; a password of three characters
  /// or less would take half of the words with it.
  func withoutSecrets(_ message: String) -> String {
    var line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    for word in ["user", "role"] where !user.isEmpty {
      line = line.split(separator: "\(word) \"\(user)\"", omittingEmptySubsequences: false).joined(
        separator: "the \(word)")
    }
    guard password.utf8.count > 3 else { return line }
    return line.split(separator: password, omittingEmptySubsequences: false).joined(separator: "…")
  }
}
