package import CallCore

/// Runs of simulated calls, cut into chunks that the workers of several machines take. Blocking and safe to call from several threads.
///
/// A worker holds a chunk as long as it renews its lease, by the queue's own clock. A chunk whose lease is over was lost with its worker:
/// the next `take` cuts it into single calls, which wait again, and sets a call aside that was lost by itself after that. So a call that ends its
/// worker twice ends no third one, and is known. What a worker finishes after it lost a chunk is refused.
///
/// Every method may be repeated after `.unavailable`: it then says what the first time did. An engine must keep a result and the end
/// of its chunk together, or neither. PostgreSQL does it in one statement; NATS would need a stream of results with one message for each
/// subject, whose second one is refused.
package protocol ChunkQueue: AnyObject, Sendable {
  /// Adds a run, and forgets those whose submitter was last seen more than `ChunkQueueLimits.forgottenAfter` ago.
  /// - Returns: false where `ChunkQueueLimits.runsMax` runs are there already.
  func submit(_ run: QueuedRun) throws(StoreError) -> Bool

  /// The run with what its calls need; `nil` when it is gone.
  func run(_ id: String) throws(StoreError) -> QueuedRun?

  /// Gives a worker the chunk that it has, or the next that waits, of the oldest run first. Runs whose submitter was not seen for
  /// `ChunkQueueLimits.silenceMax` are passed over.
  /// - Parameters:
  ///   - worker: unique among all that ever take.
  ///   - program: only runs of the very same are taken.
  ///   - skipped: ids of runs that are passed over.
  ///   - lease: how long it is the worker's without a `renew`.
  /// - Returns: `nil` when nothing waits.
  func take(
    as worker: String, of program: String, except skipped: Set<String>, for lease: CallDuration
  ) throws(StoreError) -> TakenChunk?

  /// - Returns: false when the chunk is not the worker's any more: its lease was over, or its run is.
  func renew(_ chunk: TakenChunk, for lease: CallDuration) throws(StoreError) -> Bool

  /// Keeps the result and ends the chunk, both or neither.
  /// - Returns: false, and nothing was kept, when the chunk is not the worker's any more.
  func finish(_ chunk: TakenChunk, with result: ChunkResult) throws(StoreError) -> Bool

  /// Lets the chunk wait for another worker; it does not count as lost.
  func giveBack(_ chunk: TakenChunk) throws(StoreError)

  /// How far a run is. Also tells workers that its submitter is there.
  /// - Returns: `nil` when it is gone.
  func count(_ id: String) throws(StoreError) -> QueueCount?

  /// Programs of runs that wait and that a worker of `program` may not take, by the run's id.
  func foreignPrograms(to program: String) throws(StoreError) -> [String: String]

  /// The report of the first chunk that is done and begins at `place` or behind it, and the place of its first call.
  func report(of id: String, from place: Int) throws(StoreError) -> (first: Int, report: [UInt8])?

  /// A file that a worker left with its result.
  func file(_ name: String, of id: String) throws(StoreError) -> [UInt8]?

  /// Takes away what is not done yet; the rest can be read.
  func cancel(_ id: String) throws(StoreError)

  /// Forgets a run and everything of it.
  func remove(_ id: String) throws(StoreError)
}

extension ChunkQueue {
  /// The same of any run.
  package func take(as worker: String, of program: String, for lease: CallDuration) throws(StoreError) -> TakenChunk? {
    try take(as: worker, of: program, except: [], for: lease)
  }
}

/// What bounds a queue of chunks.
package enum ChunkQueueLimits {
  /// Runs at once; another one is refused.
  package static let runsMax = 100
  /// Calls of a chunk unless told otherwise: some 9 s of one core.
  package static let chunkCalls = 25
  /// How often a call is lost with its worker before it is set aside.
  package static let lossesMax = 2
  /// How long a worker offers a result to a queue that does not take it, before its chunk counts as lost.
  package static let finishMax = CallDuration.seconds(600)
  /// A submitter that says nothing for so long is gone, and its run is not gone on with.
  package static let silenceMax = CallDuration.seconds(60)
  /// After so long its run is forgotten.
  package static let forgottenAfter = CallDuration.seconds(86_400)
  /// Of all files that a run's calls need, and of those that one result brings, in bytes.
  package static let filesBytesMax = 64_000_000
}

/// A run that waits for workers.
package struct QueuedRun: Sendable, Equatable {
  /// Unique among all runs.
  package var id: String
  /// What the submitter is, in all that could change a result; shown to people.
  package var program: String
  /// All calls of the run, 1 and up.
  package var callCount: Int
  /// Calls of a chunk, 1 and up.
  package var chunkCalls: Int
  /// What is to be done, as the submitter and the workers write it.
  package var document: [UInt8]
  /// Files that the calls need, by name; at most `ChunkQueueLimits.filesBytesMax` together.
  package var files: [String: [UInt8]]

  package init(
    id: String, program: String, callCount: Int, chunkCalls: Int = ChunkQueueLimits.chunkCalls, document: [UInt8],
    files: [String: [UInt8]] = [:]
  ) {
    (self.id, self.program, self.callCount, self.chunkCalls) = (id, program, callCount, chunkCalls)
    (self.document, self.files) = (document, files)
  }
}

/// Calls that one worker holds.
package struct TakenChunk: Sendable, Equatable {
  /// Of the chunk, among all of the queue.
  package var number: Int
  /// The run's id.
  package var run: String
  /// Places of its calls among all of the run, from 0.
  package var places: Range<Int>
  /// Whose it is.
  package var worker: String

  package init(number: Int, run: String, places: Range<Int>, worker: String) {
    (self.number, self.run, self.places, self.worker) = (number, run, places, worker)
  }
}

/// What came of a chunk.
package struct ChunkResult: Sendable, Equatable {
  /// As the workers write it and the submitter reads it.
  package var report: [UInt8]
  /// Files that the report leads to, by name; at most `ChunkQueueLimits.filesBytesMax` together.
  package var files: [String: [UInt8]]
  /// Calls of the chunk that failed, and that are invalid.
  package var failed: Int
  /// See `failed`.
  package var invalid: Int

  package init(report: [UInt8], files: [String: [UInt8]] = [:], failed: Int = 0, invalid: Int = 0) {
    (self.report, self.files, self.failed, self.invalid) = (report, files, failed, invalid)
  }
}

/// How far a run is.
package struct QueueCount: Sendable, Equatable {
  /// Calls that are done; of these, those that failed and those that are invalid.
  package var done = 0
  /// See `done`.
  package var failed = 0
  /// See `done`.
  package var invalid = 0
  /// Calls that nobody holds and that are not done.
  package var waiting = 0
  /// Calls of chunks that workers hold.
  package var running = 0
  /// Workers that hold a chunk and whose lease is not over.
  package var workers = 0
  /// Calls that were lost with their workers too often: the place, and the workers.
  package var setAside: [SetAside] = []

  /// A call that no worker is given any more.
  package struct SetAside: Sendable, Equatable {
    /// Among all calls of the run, from 0.
    package var place: Int
    /// The workers that were lost with it, with commas between.
    package var workers: String

    package init(place: Int, workers: String) { (self.place, self.workers) = (place, workers) }
  }

  package init() {}

  /// Whether nothing more will come.
  package var isOver: Bool { waiting == 0 && running == 0 }
}
