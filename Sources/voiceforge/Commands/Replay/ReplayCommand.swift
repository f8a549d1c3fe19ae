import ArgumentParser
import CallCore
import CallServer
import Formats
import Glibc
import JSON

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Repeat the decisions of a traced call and say where they differ.",
    discussion: """
      EXAMPLES
        voiceforge call --say "Goodbye." --trace call.jsonl && voiceforge replay call.jsonl
        voiceforge replay traces/0a1b2c3d.jsonl --flows my/flows
        voiceforge replay call.jsonl --json

      The trace's events are given to the call machine at their instants; nothing is heard or spoken, and no time passes. Its actions are \
      compared with those in the trace. The flows are those that `voiceforge serve` would use here: a trace names the text it was made \
      with by a digest, and a flow that was changed since is told on standard error.

      Exits 0 when every action was the same, 1 at the first that differs (with line, expected and got), and 2 when the trace cannot be \
      read to its end.
      """)

  @Argument(
    help: ArgumentHelp("File of `call --trace` or `serve --trace-dir`; - is standard input.", valueName: "file"))
  var file: String
  @Option(help: "Folder of flow files (default: VOICEFORGE_FLOWS, or Samples/flows).")
  var flows: String?
  @Flag(help: "Print one JSON document.")
  var json = false

  /// Longest file that is read: twice what is written of a call.
  private static let bytesMax = 128 << 20

  func run() throws {
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(file, bytesMax: Self.bytesMax + 1) } catch {
      throw CommandFault("cannot read \(file): \(error)")
    }
    guard bytes.count <= Self.bytesMax else {
      throw CommandFault("\(file) is larger than \(SpokenFigures.size(Self.bytesMax)), so it is no trace of a call")
    }
    let library = try FlowFolder.read(flows ?? Settings().flowFolder)
    do throws(CallTraceFault) {
      let reader = try CallTraceReader(bytes)
      var replay = try CallTraceReplay(reader, flows: library)
      if !replay.changedFlows.isEmpty {
        Terminal.errorLine(
          "voiceforge: the text of \(replay.changedFlows.joined(separator: ", ")) is not the one that the call was traced with; "
            + "name its folder with --flows")
      }
      try replay.run()
      try tell(replay, of: reader.header)
    } catch {
      throw CommandFault("\(file): \(error)")
    }
  }

  private func tell(_ replay: CallTraceReplay, of header: CallTraceHeader) throws(CallTraceFault) {
    if json {
      Terminal.line(ReplayDocument(file: file, call: header.call, replay: replay).jsonText)
    } else if let difference = replay.difference {
      Terminal.line("\(file): line \(difference.line): other actions at \(difference.at.milliseconds) ms")
      Terminal.line("  event     \(difference.event)")
      Self.list("expected", difference.expected)
      Self.list("got", difference.got)
    } else {
      let what = "\(replay.steps) events of call \(header.call), flow \(header.flow)"
      Terminal.line("\(file): \(what), gave the same \(replay.actions) actions.")
    }
    if replay.difference != nil { ExitStatus.failed.exitProcess() }
  }

  /// One action a line.
  private static func list(_ title: String, _ actions: [String]) {
    for (index, action) in (actions.isEmpty ? ["nothing"] : actions).enumerated() {
      let margin = index == 0 ? title : ""
      Terminal.line("  \(margin)\(String(repeating: " ", count: 10 - margin.count))\(action)")
    }
  }
}

/// What came of a replay.
private struct ReplayDocument: JSONDocument {
  let file: String
  let call: String
  let replay: CallTraceReplay

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("file", file)
    writer.field("call", call)
    writer.field("steps", replay.steps)
    writer.field("actions", replay.actions)
    writer.list("changedFlows", replay.changedFlows) { $0.value($1) }
    guard let difference = replay.difference else { return writer.field("difference", String?.none) }
    writer.object("difference") { writer in
      writer.field("line", difference.line)
      writer.field("atUs", difference.at.microseconds)
      writer.field("event", difference.event)
      writer.list("expected", difference.expected) { $0.value($1) }
      writer.list("got", difference.got) { $0.value($1) }
    }
  }
}

/// Where traces are written.
enum TraceFolder {
  /// Makes the folder where it is not there.
  /// - Returns: the file of each call.
  static func files(in folder: String) throws(CommandFault) -> @Sendable (_ call: String) -> String {
    // What is said in calls is nobody else's business.
    if mkdir(folder, 0o700) != 0, errno != EEXIST {
      throw CommandFault(
        writing: "the folder \(folder)", ByteFile.Fault(errno: errno), else: "another with --trace-dir")
    }
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw CommandFault("--trace-dir: \(folder) is not a folder; name another")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw CommandFault(writing: "in \(folder)", ByteFile.Fault(errno: errno), else: "another folder with --trace-dir")
    }
    return { call in "\(folder)/\(call).jsonl" }
  }

  /// Finds out early whether a file can be written, so that no call is made in vain.
  static func check(_ file: String) throws(CommandFault) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw CommandFault(writing: file, ByteFile.Fault(errno: errno), else: "another file with --trace")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFIFO else {
      throw CommandFault("--trace: \(file) is a pipe, which a call would have to wait for; name a file")
    }
  }
}
