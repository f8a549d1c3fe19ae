import CallCore
import CallDriver
import Formats
import Glibc
import JSON
import WebSockets

/// Everything that a running server keeps, as its `/api/export` hands it out.
final class ServerArchive {
  /// Without a slash at the end.
  let address: String
  private let key: String?
  private let client = HTTPClient()

  /// Longest wait for one answer; the largest are recordings.
  private static let patience = Duration.seconds(60)
  /// An hour of both sides as PCM has 230 MB.
  private static let answerBytesMax = 512 << 20
  /// Calls that are copied from a server at most: what a database keeps unless told otherwise.
  private static let callsMax = 1_000_000
  /// How often a server that has no time, or a key that made its requests of the minute, is waited for.
  private static let waitsMax = 5
  /// The longest of these waits, in seconds: after a minute a key may make requests again.
  private static let waitMax = 60

  /// - Throws: for what is no address, or would send the key readable over a network.
  init(at text: String, key: String?) throws(CommandFault) {
    address = try CallTarget(text, option: "--from", example: "http://127.0.0.1:8080").server
    self.key = key
    guard address.hasPrefix("https://") || HostAndPort(ofURL: address)?.isThisMachine == true else {
      throw CommandFault(
        "--from \(address): everybody on the way could read keys and calls; use https://, or run this on the server's machine"
      )
    }
  }

  deinit { client.stop() }

  /// What there is.
  /// - Throws: when no server answers, it refuses the key, or is of a version that hands nothing out.
  func summary() throws(CommandFault) -> ExportSummary {
    let response = try get("")
    guard response.status == 200 else { throw unexpectedResponse(response) }
    let summary = try read("") { () throws(WireFault) in try ExportSummary(parsing: response.body) }
    guard summary.format <= ExportSummary.format else {
      throw CommandFault(
        "the server at \(address) has version \(summary.version), which is newer than this program (\(VoiceForge.version)): use "
          + "`voiceforge migrate` of that version")
    }
    return summary
  }

  /// All calls, the oldest first.
  func callIDs() throws(CommandFault) -> [String] {
    var ids: [String] = []
    var cursor: String?
    repeat {
      let body = try document("/calls\(cursor.map { "?cursor=\($0)" } ?? "")")
      let page = try read("calls") { () throws(WireFault) in try ExportedIDs(parsing: body) }
      ids += page.ids
      guard ids.count <= Self.callsMax else {
        throw CommandFault(
          "\(address) keeps more than \(Self.callsMax) calls, which is more than can be copied so", .failed)
      }
      cursor = page.nextCursor
    } while cursor != nil
    return ids.reversed()
  }

  /// One call with its recording; `nil` when it is not there any more.
  func call(_ id: String) throws(CommandFault) -> StoredCall? {
    guard let body = try find("/calls/\(id)"), let sound = try find("/calls/\(id)/recording") else { return nil }
    let lines = body.split(separator: UInt8(ascii: "\n")).map(Array.init)
    let record = try read("the call \(id)") { () throws(WireFault) in
      try CallArchive.record(summary: lines.first ?? [], course: lines.count > 1 ? lines[1] : nil)
    }
    guard !sound.isEmpty else { return StoredCall(record: record, recording: nil) }
    guard let recording = RecordingArchive.recording(from: sound) else {
      throw CommandFault("the recording of \(id) came damaged; try again", .failed)
    }
    return StoredCall(record: record, recording: recording)
  }

  /// All runs, the oldest first.
  func runIDs() throws(CommandFault) -> [String] {
    let body = try document("/runs")
    return try read("runs") { () throws(WireFault) in try ExportedIDs(parsing: body) }.ids
  }

  /// One run; `nil` when it is not there any more.
  func run(_ id: String) throws(CommandFault) -> TestRun? {
    guard let body = try find("/runs/\(id)") else { return nil }
    let lines = body.split(separator: UInt8(ascii: "\n")).map(Array.init)
    return try read("the run \(id)") { () throws(WireFault) in
      try TestRunArchive.run(summary: lines.first ?? [], transcript: lines.count > 1 ? lines[1] : nil)
    }
  }

  /// All of one kind that is handed out at once: `cases`, `flows`, `agent-flows`, `voices`, `keys` or `usage`.
  func all<Thing>(_ kind: String, _ parse: ([UInt8]) throws(WireFault) -> Thing) throws(CommandFault) -> [Thing] {
    let lines = try document("/\(kind)").split(separator: UInt8(ascii: "\n"))
    var things: [Thing] = []
    for line in lines { things.append(try read(kind) { () throws(WireFault) in try parse(Array(line)) }) }
    return things
  }

  /// The same of a kind that servers of earlier versions hand out nothing of.
  func allIfAny<Thing>(_ kind: String, _ parse: ([UInt8]) throws(WireFault) -> Thing) throws(CommandFault) -> [Thing] {
    try find("/\(kind)") == nil ? [] : all(kind, parse)
  }

  // MARK: - Asking

  private func document(_ path: String) throws(CommandFault) -> [UInt8] {
    let response = try get(path)
    guard response.status == 200 else { throw unexpectedResponse(response) }
    return response.body
  }

  /// - Returns: `nil` for what is not there; nothing for what is empty.
  private func find(_ path: String) throws(CommandFault) -> [UInt8]? {
    let response = try get(path)
    switch response.status {
    case 200: return response.body
    case 204: return []
    case 404: return nil
    default: throw unexpectedResponse(response)
    }
  }

  private func get(_ path: String) throws(CommandFault) -> HTTPClientResponse {
    var waits = 0
    while true {
      let response = try getOnce(path)
      guard [429, 503].contains(response.status), let seconds = response.headers["retry-after"].flatMap(Int.init),
        waits < Self.waitsMax
      else { return response }
      waits += 1
      sleep(UInt32(min(max(seconds, 1), Self.waitMax)))
    }
  }

  private func getOnce(_ path: String) throws(CommandFault) -> HTTPClientResponse {
    let request = HTTPClientRequest(
      url: "\(address)/api/export\(path)", timeout: Self.patience, responseBytesMax: Self.answerBytesMax)
    switch client.ask(request, key: key) {
    case .success(let response): return response
    case .failure(let error):
      throw CommandFault("\(address) does not answer (\(error)); is the server running there?", .unreachable)
    }
  }

  private func read<Thing>(_ what: String, _ parse: () throws(WireFault) -> Thing) throws(CommandFault) -> Thing {
    do throws(WireFault) { return try parse() } catch {
      throw CommandFault(
        "\(address) answers what this version (\(VoiceForge.version)) cannot read, in \(what.isEmpty ? "its summary" : what): \(error)",
        .failed)
    }
  }

  /// What an answer means that was not hoped for.
  private func unexpectedResponse(_ response: HTTPClientResponse) -> CommandFault {
    // One that is not ours may say nothing.
    let detail = response.document?.text(at: "detail") ?? "status \(response.status)"
    switch response.status {
    case 401:
      let remedy = key == nil ? "give a key with --key or VOICEFORGE_KEY" : "give another key"
      return CommandFault("\(address) refuses: \(detail); \(remedy), with the scope manage")
    case 403: return CommandFault("\(address) refuses: \(detail); give a key with the scope manage")
    case 404:
      guard case .found(let version) = ServerProbe(address: address).check() else {
        return CommandFault("\(address) is no VoiceForge server: it answers \(response.status)", .unreachable)
      }
      return CommandFault("the server at \(address) has version \(version), which cannot hand out what it keeps")
    default: return CommandFault("\(address) cannot answer now: \(detail); try again", .failed)
    }
  }
}
