package import CallCore
package import CallDriver
import Threads

/// The contract of `ChunkQueue` in memory and in virtual time: what another engine has to do, and a queue for tests of workers.
package final class MemoryChunkQueue: ChunkQueue {
  private struct Chunk {
    enum State: Equatable { case waiting, running(worker: String, until: CallDuration), done, setAside }

    var taken: TakenChunk
    var state = State.waiting
    var lostWorkers: [String] = []
    var result: ChunkResult?
  }

  private struct State {
    var runs: [(run: QueuedRun, seenAt: CallDuration)] = []
    var chunks: [Chunk] = []
    var numbers = 0
  }

  private let state = Locked(State())
  private let now: @Sendable () -> CallDuration

  /// - Parameter now: since some fixed moment.
  package init(now: @escaping @Sendable () -> CallDuration = { .zero }) { self.now = now }

  package func submit(_ run: QueuedRun) -> Bool {
    state.withLock { state in
      let oldest = now() - ChunkQueueLimits.forgottenAfter
      for old in state.runs where old.seenAt < oldest { remove(old.run.id, &state) }
      guard !state.runs.contains(where: { $0.run.id == run.id }) else { return true }
      guard state.runs.count < ChunkQueueLimits.runsMax else { return false }
      state.runs.append((run, now()))
      for first in stride(from: 0, to: run.callCount, by: run.chunkCalls) {
        add(first..<min(first + run.chunkCalls, run.callCount), of: run.id, lostWorkers: [], &state)
      }
      return true
    }
  }

  private func add(_ places: Range<Int>, of run: String, lostWorkers: [String], _ state: inout State) {
    state.numbers += 1
    var chunk = Chunk(taken: TakenChunk(number: state.numbers, run: run, places: places, worker: ""))
    chunk.lostWorkers = lostWorkers
    state.chunks.append(chunk)
  }

  package func run(_ id: String) -> QueuedRun? {
    state.withLock { $0.runs.first { $0.run.id == id }?.run }
  }

  /// The same of any run.
  package func take(as worker: String, of program: String, for lease: CallDuration) -> TakenChunk? {
    take(as: worker, of: program, except: [], for: lease)
  }

  package func take(
    as worker: String, of program: String, except skipped: Set<String>, for lease: CallDuration
  ) -> TakenChunk? {
    state.withLock { state in
      rescue(&state)
      let seenAfter = now() - ChunkQueueLimits.silenceMax
      let open = state.runs.filter { $0.run.program == program && $0.seenAt > seenAfter }.map(\.run.id)
        .filter { !skipped.contains($0) }
      let mine = state.chunks.firstIndex { chunk in
        if case .running(worker, _) = chunk.state { true } else { false }
      }
      let waiting = state.chunks.indices.filter { index in
        state.chunks[index].state == .waiting && open.contains(state.chunks[index].taken.run)
      }
      func order(_ index: Int) -> (Int, Int) {
        let taken = state.chunks[index].taken
        return (open.firstIndex(of: taken.run) ?? 0, taken.places.lowerBound)
      }
      guard let index = mine ?? waiting.min(by: { order($0) < order($1) }) else { return nil }
      state.chunks[index].state = .running(worker: worker, until: now() + lease)
      state.chunks[index].taken.worker = worker
      return state.chunks[index].taken
    }
  }

  private func rescue(_ state: inout State) {
    for index in state.chunks.indices {
      guard case .running(let worker, let until) = state.chunks[index].state, until < now() else { continue }
      let places = state.chunks[index].taken.places
      state.chunks[index].lostWorkers.append(worker)
      let losses = state.chunks[index].lostWorkers
      let isSetAside = places.count == 1 && losses.count >= ChunkQueueLimits.lossesMax
      state.chunks[index].state = isSetAside ? .setAside : .waiting
      guard places.count > 1 else { continue }
      state.chunks[index].taken.places = places.lowerBound..<(places.lowerBound + 1)
      for place in places.dropFirst() {
        add(place..<(place + 1), of: state.chunks[index].taken.run, lostWorkers: losses, &state)
      }
    }
  }

  package func renew(_ chunk: TakenChunk, for lease: CallDuration) -> Bool {
    change(chunk) { $0.state = .running(worker: chunk.worker, until: now() + lease) }
  }

  package func finish(_ chunk: TakenChunk, with result: ChunkResult) -> Bool {
    if state.withLock({ $0.chunks.contains { $0.taken == chunk && $0.state == .done } }) { return true }
    return change(chunk) { ($0.state, $0.result) = (.done, result) }
  }

  package func giveBack(_ chunk: TakenChunk) { _ = change(chunk) { $0.state = .waiting } }

  private func change(_ taken: TakenChunk, _ body: (inout Chunk) -> Void) -> Bool {
    state.withLock { state in
      let index = state.chunks.firstIndex { chunk in
        guard case .running = chunk.state else { return false }
        return chunk.taken == taken
      }
      guard let index else { return false }
      body(&state.chunks[index])
      return true
    }
  }

  package func count(_ id: String) -> QueueCount? {
    state.withLock { state in
      guard let run = state.runs.firstIndex(where: { $0.run.id == id }) else { return nil }
      state.runs[run].seenAt = now()
      var (count, workers) = (QueueCount(), Set<String>())
      let chunks = state.chunks.filter { $0.taken.run == id }
      for chunk in chunks.sorted(by: { $0.taken.places.lowerBound < $1.taken.places.lowerBound }) {
        switch chunk.state {
        case .waiting: count.waiting += chunk.taken.places.count
        case .running(let worker, let until):
          count.running += chunk.taken.places.count
          if until > now() { workers.insert(worker) }
        case .done:
          count.done += chunk.taken.places.count
          count.failed += chunk.result?.failed ?? 0
          count.invalid += chunk.result?.invalid ?? 0
        case .setAside:
          count.setAside.append(
            .init(place: chunk.taken.places.lowerBound, workers: chunk.lostWorkers.joined(separator: ", ")))
        }
      }
      count.workers = workers.count
      return count
    }
  }

  package func foreignPrograms(to program: String) -> [String: String] {
    state.withLock { state in
      let seenAfter = now() - ChunkQueueLimits.silenceMax
      let foreign = state.runs.filter { run in
        run.run.program != program && run.seenAt > seenAfter
          && state.chunks.contains { $0.taken.run == run.run.id && $0.state == .waiting }
      }
      return Dictionary(foreign.map { ($0.run.id, $0.run.program) }, uniquingKeysWith: { $1 })
    }
  }

  package func report(of id: String, from place: Int) -> (first: Int, report: [UInt8])? {
    state.withLock { state in
      state.chunks.filter { $0.taken.run == id && $0.taken.places.lowerBound >= place }
        .compactMap { chunk in chunk.result.map { (chunk.taken.places.lowerBound, $0.report) } }.min { $0.0 < $1.0 }
    }
  }

  package func file(_ name: String, of id: String) -> [UInt8]? {
    state.withLock { state in
      state.chunks.first { $0.taken.run == id && $0.result?.files[name] != nil }?.result?.files[name]
    }
  }

  package func cancel(_ id: String) {
    state.withLock { state in state.chunks.removeAll { $0.taken.run == id && $0.result == nil && $0.state != .setAside }
    }
  }

  package func remove(_ id: String) { state.withLock { remove(id, &$0) } }

  private func remove(_ id: String, _ state: inout State) {
    state.runs.removeAll { $0.run.id == id }
    state.chunks.removeAll { $0.taken.run == id }
  }
}
