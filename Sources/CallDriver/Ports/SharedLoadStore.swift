package import CallCore

/// Load tests that several generators place together: where they meet, agree on the start, and leave what they measured. Blocking and safe to
/// call from several threads.
///
/// A coordinator submits a load and waits until it has as many generators as it wants, each with a part of its own. It sets the instant of the start by
/// the store's own clock, reads what they tell of each second, and takes the load away. Every method may be repeated after
/// `.unavailable`: it then says what the first time did.
package protocol SharedLoadStore: AnyObject, Sendable {
  // For the coordinator.

  /// Adds a load, and forgets those whose coordinator was last seen more than `SharedLoadLimits.forgottenAfter` ago.
  /// - Returns: false where `SharedLoadLimits.loadsMax` loads are there already.
  func submit(_ load: SharedLoad) throws(StoreError) -> Bool

  /// How far a load is. Also tells the generators that its coordinator is there, and frees the parts of generators of which nothing was heard for
  /// `SharedLoadLimits.partSilenceMax` before the start.
  /// - Parameter told: the last second of each part that is known; as many as there are parts.
  /// - Returns: `nil` when it is gone.
  func progress(of id: String, after told: [Int]) throws(StoreError) -> SharedLoadProgress?

  /// Has all generators start the plan in so much time from now; once.
  /// - Returns: when that is, by the store's clock, in microseconds since 1970; `nil` when the load is gone.
  func start(_ id: String, in lead: CallDuration) throws(StoreError) -> Int64?

  /// Has all generators stop.
  func stop(_ id: String) throws(StoreError)

  /// Forgets a load and everything of it.
  func remove(_ id: String) throws(StoreError)

  // For a generator.

  /// Gives a generator a part of the oldest load that has one left, is not started, and whose coordinator was seen within
  /// `SharedLoadLimits.silenceMax`.
  /// - Parameters:
  ///   - name: unique among all generators of all loads.
  ///   - program: only loads of the very same are taken, which is to say of one program, for one target.
  /// - Returns: `nil` when there is none.
  func join(as name: String, of program: String) throws(StoreError) -> SharedLoadPart?

  /// What a generator tells once a second.
  /// - Returns: what it is to do; `nil` when the load is gone, or the part is another's.
  func report(_ report: GeneratorReport, of part: SharedLoadPart) throws(StoreError) -> GeneratorInstruction?

  /// The store's clock, in microseconds since 1970.
  func clock() throws(StoreError) -> Int64

  /// Programs of loads that wait for generators and that a generator of `program` may not join, by the load's id.
  func foreignPrograms(ofLoadsFor program: String) throws(StoreError) -> [String: String]
}

/// What bounds load tests of several generators.
package enum SharedLoadLimits {
  /// Loads at once; another one is refused.
  package static let loadsMax = 20
  /// A generator that says nothing for so long while its store answers is lost.
  package static let generatorSilenceMax = CallDuration.seconds(5)
  /// The part of a generator that says nothing for so long before the start is another's.
  package static let partSilenceMax = CallDuration.seconds(15)
  /// A coordinator that says nothing for so long is gone, and the generators stop.
  package static let silenceMax = CallDuration.seconds(10)
  /// After so long its load is forgotten.
  package static let forgottenAfter = CallDuration.seconds(86_400)
  /// Between the coordinator's word and the start, so that it has reached every generator.
  package static let lead = CallDuration.seconds(3)
}

/// A load test for several generators.
package struct SharedLoad: Sendable, Equatable {
  /// Unique among all loads.
  package var id: String
  /// What the coordinator is, in all that could change what a generator does; shown to people.
  package var program: String
  /// Parts, 1 and up.
  package var generators: Int
  /// What is to be done, as coordinator and generators write it.
  package var document: [UInt8]
  /// Files that the calls need, by name; at most `ChunkQueueLimits.filesBytesMax` together.
  package var files: [String: [UInt8]]

  package init(id: String, program: String, generators: Int, document: [UInt8], files: [String: [UInt8]] = [:]) {
    (self.id, self.program, self.generators, self.document, self.files) = (id, program, generators, document, files)
  }
}

/// A generator's part of a load.
package struct SharedLoadPart: Sendable, Equatable {
  /// The load's id.
  package var load: String
  /// From 0.
  package var index: Int
  /// Of how many.
  package var count: Int
  /// Whose it is.
  package var generator: String
  /// See `SharedLoad`.
  package var document: [UInt8]
  /// See `SharedLoad`.
  package var files: [String: [UInt8]]

  package init(
    load: String, index: Int, count: Int, generator: String, document: [UInt8] = [], files: [String: [UInt8]] = [:]
  ) {
    (self.load, self.index, self.count, self.generator) = (load, index, count, generator)
    (self.document, self.files) = (document, files)
  }
}

/// How far a generator is.
package enum GeneratorPhase: String, Sendable, CaseIterable {
  /// It makes what its callers say.
  case preparing
  /// It waits for the start.
  case ready
  /// It places calls.
  case running
  /// It has told everything.
  case finished
}

/// What a generator tells.
package struct GeneratorReport: Sendable, Equatable {
  /// Now.
  package var phase: GeneratorPhase
  /// At most so much its clock is off the store's; `nil` before it was set.
  package var clockError: CallDuration?
  /// How much too late it started.
  package var lateness = CallDuration.zero
  /// Why it cannot go on.
  package var fault: String?
  /// Whether nobody answered at the target.
  package var isTargetGone = false
  /// Seconds of the plan that were not told yet, by their number, in order.
  package var seconds: [(number: Int, content: [UInt8])] = []

  package init(_ phase: GeneratorPhase) { self.phase = phase }

  package static func == (one: GeneratorReport, other: GeneratorReport) -> Bool {
    one.phase == other.phase && one.clockError == other.clockError && one.lateness == other.lateness
      && one.fault == other.fault && one.isTargetGone == other.isTargetGone
      && one.seconds.elementsEqual(other.seconds) { $0.number == $1.number && $0.content == $1.content }
  }
}

/// What a generator is to do.
package struct GeneratorInstruction: Sendable, Equatable {
  /// When the plan starts, by the store's clock, in microseconds since 1970; `nil`: not yet known.
  package var startAt: Int64?
  /// Whether it is to stop.
  package var isStopped: Bool
  /// How long nothing was heard of the coordinator.
  package var coordinatorSilence: CallDuration

  package init(startAt: Int64?, isStopped: Bool, coordinatorSilence: CallDuration) {
    (self.startAt, self.isStopped, self.coordinatorSilence) = (startAt, isStopped, coordinatorSilence)
  }
}

/// How far a load is.
package struct SharedLoadProgress: Sendable, Equatable {
  /// A generator of the load.
  package struct Generator: Sendable, Equatable {
    /// Its part, from 0.
    package var index: Int
    /// Unique among all.
    package var name: String
    /// What it told last; of its seconds those that were asked for.
    package var report: GeneratorReport
    /// How long ago that was.
    package var silence: CallDuration

    package init(index: Int, name: String, report: GeneratorReport, silence: CallDuration) {
      (self.index, self.name, self.report, self.silence) = (index, name, report, silence)
    }
  }

  /// Those that have joined, in the order of their parts.
  package var generators: [Generator]

  package init(generators: [Generator]) { self.generators = generators }
}
