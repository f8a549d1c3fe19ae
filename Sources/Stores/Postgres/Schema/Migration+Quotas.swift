extension Migration {
  /// The table that says how full each store is gets the name of what it is.
  static let quotas = Migration(
    version: 5, title: "quotas", statements: ["ALTER TABLE voiceforge_shelves RENAME TO voiceforge_quotas"])
}
