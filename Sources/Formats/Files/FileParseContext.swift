/// What is noted while a file of some kind is read. What every kind needs is a place for its faults.
protocol FileParseContext: AnyObject {
  /// Where faults are put on record.
  var log: FileFaultLog { get }
}
