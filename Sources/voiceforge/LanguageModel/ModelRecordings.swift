import ArgumentParser
import CallCore
import CallDriver
import CallServer
import FoundationEssentials
import Formats
import RemoteServices
import Simulation
import Threads

/// What language models say in a run of simulated calls: asked live, recorded, or played again from the recordings of a folder, one file for each
/// case.
final class ModelRecordings: VirtualModel {
  /// Where answers come from. The raw values are those of `--llm`.
  enum Mode: String, CaseIterable {
    /// From a model, which is asked in every call.
    case live
    /// The same, and what it says is kept.
    case record
    /// From what was kept. Nobody is asked.
    case replay
  }

  private struct State {
    var recordings: [String: ModelRecording] = [:]
    /// Answers that calls used, by case: the others were begun for turns that went on, or are stale.
    var used: [String: Set<Int>] = [:]
    /// What differed from the recording only in where the agent was interrupted, by case.
    var drifted: [String: Set<String>] = [:]
  }

  private let mode: Mode
  private let folder: String
  private let masksDigits: Bool
  private let model: any LanguageModel
  private let state = Locked(State())

  /// - Parameters:
  ///   - folder: of the recordings; made when something is recorded.
  ///   - masksDigits: whether what is recorded has no digits. What is played again says so itself.
  ///   - model: who is asked; nobody when answers are played again.
  init(_ mode: Mode, folder: String, masksDigits: Bool, model: any LanguageModel) {
    (self.mode, self.folder, self.masksDigits, self.model) = (mode, folder, masksDigits, model)
  }

  /// Reads what was kept, before it is played again.
  /// - Parameter cases: ids of the cases that are run.
  /// - Throws: which file is wrong, and what to do.
  func open(_ cases: [String]) throws(CommandFault) {
    guard mode == .replay else { return }
    for id in Set(cases) {
      guard let recording = try Self.read(Self.path(of: id, in: folder)) else { continue }
      state.withLock { $0.recordings[id] = recording }
    }
  }

  func beginCall(of testCase: String, seed: UInt64) -> any VirtualModelCall {
    let kept: ModelRecording? = isReplay ? state.withLock { $0.recordings[testCase] } : empty(testCase)
    return ModelCall(self, testCase: testCase, seed: seed, recording: kept)
  }

  private func empty(_ testCase: String) -> ModelRecording {
    ModelRecording(testCase: testCase, isMasked: masksDigits)
  }

  /// Ends the run: writes what was recorded.
  /// - Returns: what there is to say about it, a line each.
  func finish() throws(CommandFault) -> [String] {
    let state = state.withLock { $0 }
    switch mode {
    case .live: return []
    case .record:
      var recordings = state.recordings
      for (id, recording) in state.recordings {
        recordings[id]?.answers = recording.answers.enumerated().filter { state.used[id]?.contains($0.offset) == true }
          .map(\.element)
      }
      return try write(recordings)
    case .replay:
      let drifted = state.drifted.sorted { $0.key < $1.key }.flatMap { id, differences in
        differences.sorted().map { "\(id) drifted from its recording: \($0)" }
      }
      return drifted
        + state.recordings.sorted { $0.key < $1.key }.compactMap { id, recording in
          let stale = recording.answers.count - (state.used[id]?.count ?? 0)
          guard stale > 0 else { return nil }
          let path = Self.path(of: id, in: folder)
          return
            "\(stale) of \(recording.answers.count) answers in \(path) were not asked for: record anew with --llm record"
        }
    }
  }

  private func write(_ recordings: [String: ModelRecording]) throws(CommandFault) -> [String] {
    var lines: [String] = []
    for (id, recording) in recordings.sorted(by: { $0.key < $1.key }) where !recording.answers.isEmpty {
      let path = Self.path(of: id, in: folder)
      let url = URL(filePath: path).deletingLastPathComponent()
      do {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      } catch {
        throw CommandFault("cannot make the folder \(url.path()): name another one with --recordings")
      }
      do throws(ByteFile.Fault) { try ByteFile.write(Array(recording.text.utf8), named: path) } catch {
        throw CommandFault(writing: path, error)
      }
      let count = recording.answers.count
      lines.append("recorded \(count) answer\(count == 1 ? "" : "s"): \(path)")
    }
    return lines
  }

  private static func path(of id: String, in folder: String) -> String { "\(folder)/\(id).jsonl" }

  private static func read(_ path: String) throws(CommandFault) -> ModelRecording? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(path, bytesMax: ModelRecording.bytesMax) } catch {
      throw CommandFault("cannot read \(path): \(error)")
    }
    do throws(ModelRecording.Fault) { return try ModelRecording(parsing: String(decoding: bytes, as: UTF8.self)) } catch
    {
      throw CommandFault("\(path): \(error)")
    }
  }

  // MARK: - For the calls

  fileprivate func ask(_ question: ModelRequest) -> ModelRecording.Answer { model.wholeAnswer(to: question) }

  /// - Parameter isEarly: whether the answer is used is not known yet.
  /// - Returns: what a replay will say, and its place: of several calls that ask the same the first answer counts, for them all, and masked
  ///   digits stay masked. A fault that no call used does not count: an early question that failed is asked again when the turn is over.
  fileprivate func record(
    _ answer: ModelRecording.Answer, of testCase: String, isEarly: Bool
  ) -> (answer: ModelRecording.Answer, index: Int) {
    guard mode == .record else { return (answer, 0) }
    return state.withLock { state in
      var recording = state.recordings[testCase] ?? empty(testCase)
      let kept = recording.kept(answer)
      let known = recording.answers.firstIndex { $0.occurrence == kept.occurrence && $0.question == kept.question }
      let index = known ?? recording.answers.count
      if known == nil {
        recording.answers.append(kept)
      } else if recording.answers[index].fault != nil, state.used[testCase]?.contains(index) != true {
        recording.answers[index] = kept
      }
      state.recordings[testCase] = recording
      // At once, so that no other call of the case replaces it.
      if !isEarly { state.used[testCase, default: []].insert(index) }
      return (recording.given(recording.answers[index], to: answer.question), index)
    }
  }

  fileprivate func record(_ words: [Int: String], of testCase: String, seed: UInt64) {
    guard mode == .record else { return }
    state.withLock { state in
      for (turn, text) in words {
        state.recordings[testCase]?.keep(heard: text, in: ModelRecording.Heard(seed: seed, turn: turn))
      }
    }
  }

  fileprivate func countUsed(_ index: Int, of testCase: String, drift: String?) {
    state.withLock { state in
      state.used[testCase, default: []].insert(index)
      if let drift { state.drifted[testCase, default: []].insert(drift) }
    }
  }

  fileprivate var isReplay: Bool { mode == .replay }
  fileprivate func missing(_ testCase: String) -> String {
    "there is no \(Self.path(of: testCase, in: folder)): record it with --llm record"
  }
}

/// One call's questions.
private final class ModelCall: VirtualModelCall {
  private let recordings: ModelRecordings
  private let testCase: String
  private let seed: UInt64
  /// What is played again, or has nothing in it yet; `nil`: there is nothing to play.
  private let recording: ModelRecording?
  /// How often each question was asked.
  private var asked: [String: Int] = [:]
  /// The question that was asked early, until its answer is used.
  private var early: Found?

  /// An answer, and where it is.
  private struct Found {
    var events: [TimedModelEvent]
    var key: String
    var index: Int
    var drift: String?
  }

  init(_ recordings: ModelRecordings, testCase: String, seed: UInt64, recording: ModelRecording?) {
    (self.recordings, self.testCase, self.seed, self.recording) = (recordings, testCase, seed, recording)
  }

  func answer(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent] {
    let found = try find(question, isEarly: false)
    count(found)
    return found.events
  }

  func answerEarly(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent] {
    early = nil
    let found = try find(question, isEarly: true)
    early = found
    return found.events
  }

  func confirmEarly() {
    if let early { count(early) }
    early = nil
  }

  /// The answer is used: the same question is another one from now on.
  private func count(_ found: Found) {
    asked[found.key, default: 0] += 1
    recordings.countUsed(found.index, of: testCase, drift: found.drift)
  }

  private func find(_ question: ModelRequest, isEarly: Bool) throws(VirtualModelMiss) -> Found {
    let kept = recording?.kept(question) ?? question
    let key = ModelRecording.key(kept)
    let occurrence = asked[key, default: 0]
    guard recordings.isReplay else {
      var answer = recordings.ask(question)
      answer.occurrence = occurrence
      let kept = recordings.record(answer, of: testCase, isEarly: isEarly)
      return Found(events: kept.answer.events, key: key, index: kept.index)
    }
    guard let recording else { throw VirtualModelMiss(recordings.missing(testCase)) }
    guard let (index, hasDrifted) = recording.answer(to: kept, occurrence: occurrence) else {
      throw VirtualModelMiss("\(recording.difference(from: kept)); record it anew with --llm record")
    }
    return Found(
      events: recording.given(recording.answers[index], to: question).events, key: key, index: index,
      drift: hasDrifted ? recording.difference(from: kept) : nil)
  }

  func words(ofTurn turn: Int) -> String? {
    recordings.isReplay ? recording?.heard[ModelRecording.Heard(seed: seed, turn: turn)] : nil
  }

  func end(heard: [Int: String]) { recordings.record(heard, of: testCase, seed: seed) }
}

extension LanguageModel {
  /// Asks and waits for the end of the answer.
  func wholeAnswer(to question: ModelRequest) -> ModelRecording.Answer {
    let events = AwaitedAnswer().wait(for: question, from: self).events
    return ModelRecording.Answer(question, events)
  }
}

extension ModelRecording.Answer {
  /// - Parameter events: all that came.
  fileprivate init(_ question: ModelRequest, _ events: [TimedModelEvent]) {
    self.init(question: question, occurrence: 0, model: "", pieces: [], fault: nil, endedAfter: .zero)
    for timed in events {
      switch timed.event {
      case .delta(let delta): pieces.append(.init(after: timed.after, delta))
      case .finished(let model): (self.model, endedAfter) = (model, timed.after)
      case .failed(let fault): (self.fault, endedAfter) = (fault, timed.after)
      }
    }
  }

  fileprivate var events: [TimedModelEvent] {
    let end: ModelEvent = fault.map { .failed($0) } ?? .finished(model: model)
    return pieces.map { TimedModelEvent(after: $0.after, .delta($0.delta)) } + [TimedModelEvent(after: endedAfter, end)]
  }
}

extension ModelRecordings {
  /// Where recordings are unless told otherwise.
  static let usualFolder = "recordings"

  /// As `--llm` and `--mask` say, with the model of the settings.
  /// - Parameter cases: ids of what is asked about.
  /// - Throws: what is to be set, or which file is wrong.
  convenience init(
    _ mode: Mode, folder: String, masksDigits: Bool, cases: [String], settings: Settings
  ) throws(CommandFault) {
    guard !masksDigits || mode == .record else {
      throw CommandFault(
        "--mask is for --llm record: a recording says itself whether it is masked, and nothing is kept with --llm live")
    }
    var model: any LanguageModel = AbsentLanguageModel()
    if mode != .replay {
      guard let service = try settings.modelService() else {
        throw CommandFault(
          "--llm \(mode.rawValue) asks a language model: set ENABLE_LLM=true, OPENAI_MODEL, and OPENAI_BASE_URL or OPENAI_API_KEY"
        )
      }
      model = RemoteModel(service)
    }
    self.init(mode, folder: folder, masksDigits: masksDigits, model: model)
    try open(cases)
  }
}

extension ModelRecordings.Mode: ExpressibleByArgument {
  /// For people.
  static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
