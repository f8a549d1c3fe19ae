import FoundationEssentials
import Glibc
import JSON
import LoadTest
import Simulation

/// Writes the reports of a run.
enum ReportFolder {
  /// Makes the folder, and finds out early whether something can be written into it, so that no call is placed in vain.
  /// - Throws: `CommandFault` when that cannot be done.
  static func check(_ folder: String) throws(CommandFault) {
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw CommandFault(
        "cannot make the folder \(folder) (\(CommandFault.cause(error))); name another one with --report")
    }
    guard access(folder, W_OK) == 0 else {
      let why = String(cString: strerror(errno))
      throw CommandFault("cannot write into \(folder) (\(why)); name another folder with --report")
    }
  }

  /// Where the calls' sounds and labels lie in a folder of reports.
  static let soundFolder = "calls"

  /// Writes `report.json`, `junit.xml` and `index.html`, and the sounds that `CallSoundFolder` did not write during the run.
  static func write(_ finished: SimulationRun, to folder: String) throws(CommandFault) {
    var run = finished
    let folderOfSounds = CallSoundFolder("\(folder)/\(soundFolder)")
    for place in run.results.indices {
      guard folderOfSounds.store(&run.results[place]) else { break }
    }
    try folderOfSounds.check()
    try write(JSONReport.bytes(of: run), "\(folder)/report.json")
    try write(Array(JUnitReport.text(of: run).utf8), "\(folder)/junit.xml")
    let choice = SoundChoice(run)
    var sounds: [String: [UInt8]] = [:]
    for (place, result) in run.results.enumerated() where choice.holds(place) {
      sounds[result.fileName] = try read("\(soundFolder)/\(result.fileName).wav", in: folder)
    }
    let page = HTMLReport.text(of: run, soundFolder: soundFolder) { sounds[$0.fileName] }
    try write(Array(page.utf8), "\(folder)/index.html")
  }

  private static func read(_ name: String, in folder: String) throws(CommandFault) -> [UInt8] {
    do throws(ByteFile.Fault) { return try ByteFile.read("\(folder)/\(name)", bytesMax: shardBytesMax) } catch {
      throw CommandFault("cannot read \(folder)/\(name) (\(error))")
    }
  }

  // MARK: - Shards

  /// Writes what `voiceforge merge` needs of a shard; nothing where the plan has none.
  static func writeShard(of run: SimulationRun, _ plan: RunPlan, to folder: String) throws(CommandFault) {
    guard let shard = ShardReport(run, of: plan, soundFolder: soundFolder) else { return }
    try write(shard.bytes, "\(folder)/\(shardName)")
  }

  /// Reads what a shard left in its folder of reports.
  static func readShard(in folder: String) throws(CommandFault) -> ShardReport {
    let path = "\(folder)/\(shardName)"
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(path, bytesMax: shardBytesMax) } catch {
      throw CommandFault(
        "cannot read \(path) (\(error)); name folders that voiceforge simulate --shard K/N --report wrote")
    }
    guard bytes.count < shardBytesMax else {
      throw CommandFault("\(path) has more than \(shardBytesMax / 1_000_000) MB: take more shards")
    }
    do { return try ShardReport(reading: bytes, named: path) } catch {
      throw CommandFault("\(error.message); write it anew with voiceforge simulate --shard K/N --report")
    }
  }

  private static let shardName = "shard.json"
  /// 20 kB a call with sound: a shard of 50,000 calls.
  private static let shardBytesMax = 1_000_000_000

  /// Writes the reports of a whole run, and copies the sounds of its calls there.
  /// - Parameter folders: of the shards.
  static func write(_ run: MergedRun, from folders: [String], to folder: String) throws(CommandFault) {
    try write(run, to: folder) { name throws(CommandFault) in
      guard let source = folders.first(where: { access("\($0)/\(name)", R_OK) == 0 }) else {
        throw CommandFault("no folder has \(name): copy the whole folder of each shard")
      }
      return try read(name, in: source)
    }
  }

  /// The same with sounds from elsewhere.
  /// - Parameter file: of a call's sound or labels, by its path in the folder.
  static func write(
    _ run: MergedRun, to folder: String, file: (_ name: String) throws(CommandFault) -> [UInt8]
  ) throws(CommandFault) {
    try write(run.json, "\(folder)/report.json")
    try write(Array(run.junit.utf8), "\(folder)/junit.xml")
    try write(Array(run.html.utf8), "\(folder)/index.html")
    let sounds = run.calls.compactMap(\.sound)
    guard !sounds.isEmpty else { return }
    try check("\(folder)/\(soundFolder)")
    for name in sounds.flatMap({ ["\(soundFolder)/\($0).wav", "\(soundFolder)/\($0).txt"] }) {
      try write(try file(name), "\(folder)/\(name)")
    }
  }

  // MARK: - Load tests

  /// Largest report of a load test that is read: a day of seconds.
  private static let loadBytesMax = 200_000_000

  /// Whether a folder holds the reports of a load test.
  static func hasLoad(_ folder: String) -> Bool { access("\(folder)/load.json", R_OK) == 0 }

  /// Reads the report of a load test.
  static func readLoad(in folder: String) throws(CommandFault) -> LoadReport {
    let path = "\(folder)/load.json"
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(path, bytesMax: loadBytesMax) } catch {
      throw CommandFault("cannot read \(path) (\(error)); name folders that voiceforge load --report wrote")
    }
    do { return try LoadReport(reading: bytes, named: folder) } catch {
      throw CommandFault("\(error.message); write it anew with voiceforge load --report")
    }
  }

  /// Writes `load.json`, `load.csv`, `junit.xml` and `index.html`.
  static func write(_ result: LoadResult, to folder: String) throws(CommandFault) {
    try write(LoadJSON.bytes(of: result), LoadHTML.text(of: result), tablesOf: result, to: folder)
  }

  /// The same of a search; table and thresholds are those of the run that decided it.
  static func write(_ search: CapacityResult, to folder: String) throws(CommandFault) {
    try write(LoadJSON.bytes(of: search), LoadHTML.text(of: search), tablesOf: search.decisive, to: folder)
  }

  private static func write(
    _ json: [UInt8], _ page: String, tablesOf result: LoadResult?, to folder: String
  ) throws(CommandFault) {
    try write(json, "\(folder)/load.json")
    try write(Array(page.utf8), "\(folder)/index.html")
    guard let result else { return }
    try write(Array(LoadCSV.text(of: result.totals.samples).utf8), "\(folder)/load.csv")
    try write(Array(LoadJUnit.text(of: result).utf8), "\(folder)/junit.xml")
  }

  /// Writes one file of a folder of reports.
  static func write(_ bytes: [UInt8], _ path: String) throws(CommandFault) {
    do throws(ByteFile.Fault) { try ByteFile.write(bytes, named: path) } catch {
      throw CommandFault(writing: path, error, else: "another folder with --report")
    }
  }
}
