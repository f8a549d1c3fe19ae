public import CallCore
import CallDriver
import Threads

/// Puts a caller's lines into words with a language model, one at a time, and keeps to the brief or says that the model did not. Safe to
/// share by the thread that holds the call and the one that asks the model.
public final class Improviser: Sendable {
  /// Puts a line into sound.
  typealias LinePlanner = @Sendable (TestTurn) throws(CallFailure) -> PlannedTurn
  /// Recognises what an agent said that does not tell.
  typealias Recognition = @Sendable ([Int16]) throws(CallFailure) -> String
  /// Does something that blocks, at once or on another thread; false: it cannot.
  package typealias Executor = @Sendable (@escaping @Sendable () -> Void) -> Bool

  private struct State {
    var talk: [TalkLine] = []
    /// What was heard and is not in `talk` yet, in order; `nil` for silence.
    var heard: [HeardLine?] = []
    var idea: Idea?
    var pending: CallerAnswer?
    var pendingMisbehavior: Misbehavior?
    /// Who ended the call, once it is over and the last was not asked about yet.
    var end: TalkLine?
    var improvised = ImprovisedCall()
    /// What the answers waited for belong to; one that comes later is dropped.
    var generation = 0
  }

  private let brief: CallerBrief
  private let prompt: CallerPrompt
  private let plan: LinePlanner
  private let recognize: Recognition
  private let execute: Executor
  private let state = Locked(State())
  /// One search at a time asks it.
  private let model: Locked<any VirtualModelCall>

  init(
    brief: CallerBrief, seed: UInt64, model: any VirtualModelCall, plan: @escaping LinePlanner,
    recognize: @escaping Recognition, execute: @escaping Executor
  ) {
    (self.brief, self.plan, self.recognize, self.execute) = (brief, plan, recognize, execute)
    self.model = Locked(model)
    prompt = CallerPrompt(brief: brief, seed: seed)
  }

  /// What to do next.
  enum Idea: Equatable {
    /// Say this; whether it is the last.
    case say(PlannedTurn, isLast: Bool)
    /// End the call without a word.
    case hangUp
    /// The model did what it must not; the call means nothing once that is carried out.
    case misbehave
    /// The call means nothing any more, whatever the agent does.
    case giveUp
  }

  /// What came of the call.
  var improvised: ImprovisedCall { state.withLock { $0.improvised } }

  /// Begins to find the next line. There is at most one search.
  /// - Parameters:
  ///   - heard: what the agent said since the last line; empty: nothing for as long as the caller waits.
  ///   - turn: number of the turn.
  func begin(heard: [HeardLine], turn: Int) {
    let generation = state.withLock { state in
      state.generation += 1
      state.idea = nil
      state.heard += heard.isEmpty ? [nil] : heard
      return state.generation
    }
    let isTaken = execute { [self] in find(turn: turn, generation: generation) }
    if !isTaken { finish(.callerEngine("too many callers think at once"), generation) }
  }

  /// What was found; `nil`: nothing yet.
  func idea() -> Idea? { state.withLock { $0.idea } }

  /// The idea is carried out.
  /// - Parameter turn: with its cue; `nil`: nothing is said.
  func accept(as turn: TestTurn?) {
    state.withLock { state in
      state.improvised.misbehavior = state.pendingMisbehavior
      if let answer = state.pending {
        state.talk.append(.caller(answer))
        state.improvised.goal = answer.goal
      }
      if let turn { state.improvised.turns.append(turn) }
      (state.pending, state.pendingMisbehavior, state.idea) = (nil, nil, nil)
    }
  }

  /// The model is too slow for the call.
  func fail(_ why: String) {
    drop()
    state.withLock { $0.improvised.misbehavior = Misbehavior(kind: .failedEngine, detail: why) }
  }

  /// The agent spoke before the idea was carried out: nobody knows it.
  func drop() {
    state.withLock { state in
      state.generation += 1
      (state.pending, state.pendingMisbehavior, state.idea) = (nil, nil, nil)
    }
  }

  /// The call is over. Nothing more is said.
  /// - Parameters:
  ///   - heard: what the agent said since the last line.
  ///   - byCaller: whether the caller hung up; what it knew then counts, unless the agent spoke since.
  func end(heard: [HeardLine], byCaller: Bool) {
    drop()
    state.withLock { state in
      state.heard += heard
      state.end = byCaller && heard.isEmpty ? nil : .end(byCaller: byCaller)
    }
  }

  /// Finds out how far the caller has come in the end, where the agent's last words may have changed that; blocks as long as that takes.
  func conclude() {
    let (end, generation) = state.withLock { state -> (TalkLine?, Int) in
      defer { state.end = nil }
      guard state.improvised.misbehavior == nil, state.improvised.failure == nil, state.improvised.goal == .open
      else { return (nil, state.generation) }
      return (state.end, state.generation)
    }
    guard let end else { return }
    model.withLock { model in
      guard takeHeard(generation) else { return }
      let talk = state.withLock { state in
        state.talk.append(end)
        return state.talk
      }
      guard let answer = answer(to: talk, isLast: true, of: model, generation) else { return }
      state.withLock { $0.improvised.goal = answer.goal }
    }
  }

  // MARK: - The search, on whichever thread

  private func find(turn: Int, generation: Int) {
    model.withLock { model in
      // What was heard stays, whatever becomes of the search.
      guard takeHeard(generation) else { return }
      let talk = state.withLock { $0.generation == generation ? $0.talk : nil }
      guard let talk, let answer = answer(to: talk, isLast: false, of: model, generation) else { return }
      finish(answer, talk, turn, generation)
    }
  }

  /// Puts what was heard into words, in its order, whichever search comes first.
  /// - Returns: false when the recogniser failed; why is then on record.
  private func takeHeard(_ generation: Int) -> Bool {
    let heard = state.withLock { state in
      defer { state.heard = [] }
      return state.heard
    }
    guard let lines = talkLines(heard, generation) else { return false }
    state.withLock { $0.talk += lines }
    return true
  }

  /// Asks once more when the answer cannot be used.
  /// - Returns: `nil` when there is no answer; why is then on record.
  private func answer(
    to talk: [TalkLine], isLast: Bool, of model: any VirtualModelCall, _ generation: Int
  ) -> CallerAnswer? {
    var fault = ""
    for isRepeated in [false, true] {
      let text: String
      do throws(CallFailure) { text = try words(for: prompt.request(talk, isRepeated: isRepeated), of: model) } catch {
        finish(error, generation)
        return nil
      }
      do throws(CallerAnswerFault) { return try CallerAnswer(text, isLast: isLast) } catch { fault = error.why }
    }
    finish(Misbehavior(kind: .unusableAnswer, detail: "twice: \(fault)"), generation)
    return nil
  }

  /// - Returns: `nil` when the recogniser failed; why is then on record.
  private func talkLines(_ lines: [HeardLine?], _ generation: Int) -> [TalkLine]? {
    do throws(CallFailure) {
      var talk: [TalkLine] = []
      for line in lines {
        guard let line else {
          talk.append(.silence)
          continue
        }
        let text = line.text.isEmpty && !line.sound.isEmpty ? try recognize(line.sound) : line.text
        talk.append(.agent(text.isEmpty ? "(something that cannot be understood)" : text, isCut: line.isCut))
      }
      return talk
    } catch {
      finish(error, generation)
      return nil
    }
  }

  private func words(for question: ModelRequest, of model: any VirtualModelCall) throws(CallFailure) -> String {
    let whole: Result<(answer: ModelAnswer, model: String), ModelFault>
    do throws(VirtualModelMiss) { whole = try model.wholeAnswer(to: question) } catch {
      throw error.failure
    }
    switch whole {
    case .success(let found):
      state.withLock { $0.improvised.model = found.model }
      return found.answer.text
    case .failure(let fault): throw .callerEngine(fault.description)
    }
  }

  private func finish(_ answer: CallerAnswer, _ talk: [TalkLine], _ turn: Int, _ generation: Int) {
    if let misbehavior = CallerConduct(brief: brief, talk: talk).misbehavior(of: answer) {
      return state.withLock { state in
        guard state.generation == generation else { return }
        (state.idea, state.pendingMisbehavior) = (.misbehave, misbehavior)
      }
    }
    guard !WordErrorRate.words(of: answer.words).isEmpty else { return finish(.hangUp, answer, generation) }
    let words = CallerLine(answer.words).filled(from: brief)
    do throws(CallFailure) {
      let planned = try plan(TestTurn(number: turn, action: .say([.words(words)])))
      finish(.say(planned, isLast: answer.hangsUp), answer, generation)
    } catch {
      finish(error, generation)
    }
  }

  private func finish(_ idea: Idea, _ answer: CallerAnswer?, _ generation: Int) {
    state.withLock { state in
      guard state.generation == generation else { return }
      (state.idea, state.pending) = (idea, answer)
    }
  }

  private func finish(_ misbehavior: Misbehavior, _ generation: Int) {
    state.withLock { state in
      guard state.generation == generation else { return }
      state.improvised.misbehavior = misbehavior
      state.idea = .giveUp
    }
  }

  /// An engine that fails is the caller's trouble; that nobody was asked is not.
  private func finish(_ failure: CallFailure, _ generation: Int) {
    switch failure {
    case .notRecorded, .modelNotAsked, .setAside: break
    case .unreachable, .refused, .brokenOff, .rubbish, .hung, .tooLong, .callerEngine:
      return finish(Misbehavior(kind: .failedEngine, detail: failure.description), generation)
    }
    state.withLock { state in
      guard state.generation == generation else { return }
      state.improvised.failure = failure
      state.idea = .giveUp
    }
  }
}

/// What a caller heard of an utterance of the agent.
struct HeardLine: Sendable {
  /// As far as the agent tells; empty: it does not.
  var text: String
  /// 16 kHz mono; kept only where there is no text.
  var sound: [Int16] = []
  /// Whether the caller spoke before it was over.
  var isCut = false
}

/// What a caller with a brief did in a call.
public struct ImprovisedCall: Sendable {
  /// What it said, as turns; the words as they were said.
  public internal(set) var turns: [TestTurn] = []
  /// How far it came, by its own account.
  public internal(set) var goal = GoalState.open
  /// What the model did wrong; `nil`: nothing.
  public internal(set) var misbehavior: Misbehavior?
  /// Who played it, as the server calls the model; empty: nobody was asked.
  public internal(set) var model = ""
  /// Why the caller could not go on, beside that.
  package internal(set) var failure: CallFailure?
}
