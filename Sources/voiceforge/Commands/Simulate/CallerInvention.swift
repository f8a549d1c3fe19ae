import CallCore
import CallDriver
import FoundationEssentials
import Formats
import Simulation

/// Has callers of a flow invented, and keeps them in a file of test cases.
struct CallerInvention {
  let flow: Flow
  let count: Int
  let path: String
  let isQuiet: Bool

  /// Where what the model said is kept, beside the recordings of the cases.
  private var recordingID: String { "explored-callers-\(flow.name)" }

  /// - Throws: what is wrong with the file's name, before anybody is asked.
  func check() throws(CommandFault) {
    guard (1...CallerExploration.callersMax).contains(count) else {
      throw CommandFault("--explore takes 1 to \(CallerExploration.callersMax)")
    }
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandFault("\(path) is there already: keep it and run it, or name another file with --explored")
    }
  }

  /// Asks for them one after the other and writes the file.
  /// - Throws: why there are none; what was invented until then is lost.
  func invent(with model: ModelRecordings, seed: UInt64) throws(CommandFault) {
    try model.open([recordingID])
    let exploration = CallerExploration(of: flow)
    let call = model.beginCall(of: recordingID, seed: seed)
    var callers: [CallerExploration.Caller] = []
    for number in 1...count {
      if !isQuiet { ProgressLine.show("inventing caller \(number) of \(count) …") }
      callers.append(try caller(number, exploration, callers, call))
    }
    ProgressLine.clear()
    do throws(ByteFile.Fault) { try ByteFile.write(Array(exploration.file(of: callers).utf8), named: path) } catch {
      throw CommandFault(writing: path, error)
    }
    if !isQuiet { Terminal.errorLine("\(count) caller\(count == 1 ? "" : "s"): \(path)") }
  }

  private func caller(
    _ number: Int, _ exploration: CallerExploration, _ others: [CallerExploration.Caller], _ call: any VirtualModelCall
  ) throws(CommandFault) -> CallerExploration.Caller {
    var last: CallerExploration.Fault?
    for _ in 1...2 {
      let text = try answer(to: exploration.question(number, others: others, after: last), of: call)
      do throws(CallerExploration.Fault) { return try exploration.caller(text, number) } catch { last = error }
    }
    ProgressLine.clear()
    throw CommandFault(
      "the model invents no caller that can be used: \(last?.description ?? ""); take another model or write the cases",
      .invalid)
  }

  private func answer(to question: ModelRequest, of call: any VirtualModelCall) throws(CommandFault) -> String {
    let whole: Result<(answer: ModelAnswer, model: String), ModelFault>
    do throws(VirtualModelMiss) { whole = try call.wholeAnswer(to: question) } catch {
      throw CommandFault(error.description, .invalid)
    }
    switch whole {
    case .success(let found): return found.answer.text
    case .failure(let fault): throw CommandFault("no caller was invented: \(fault)", .unreachable)
    }
  }
}
