import LoadTest

/// Writes the reports of a load test into a folder that is there.
enum LoadFolder {
  /// Writes `load.json`, `load.csv`, `junit.xml` and `index.html`.
  static func write(_ result: LoadResult, to folder: String) throws(CommandFault) {
    try write(LoadJSON.bytes(of: result), "\(folder)/load.json")
    try write(LoadHTML.text(of: result), "\(folder)/index.html")
    try writeTables(of: result, to: folder)
  }

  /// The same of a search; table and thresholds are those of the run that decided it.
  static func write(_ search: CapacityResult, to folder: String) throws(CommandFault) {
    try write(LoadJSON.bytes(of: search), "\(folder)/load.json")
    try write(LoadHTML.text(of: search), "\(folder)/index.html")
    if let decisive = search.decisive { try writeTables(of: decisive, to: folder) }
  }

  /// The files, for people.
  static func summary(of folder: String) -> String { "\(folder)/index.html, load.json, load.csv, junit.xml" }

  private static func writeTables(of result: LoadResult, to folder: String) throws(CommandFault) {
    try write(LoadCSV.text(of: result.standing.samples), "\(folder)/load.csv")
    try write(LoadJUnit.text(of: result), "\(folder)/junit.xml")
  }

  private static func write(_ text: String, _ path: String) throws(CommandFault) { try write(Array(text.utf8), path) }

  private static func write(_ bytes: [UInt8], _ path: String) throws(CommandFault) {
    do throws(ByteFile.Fault) { try ByteFile.write(bytes, named: path) } catch {
      throw CommandFault(writing: path, error, else: "another folder with --report")
    }
  }
}
