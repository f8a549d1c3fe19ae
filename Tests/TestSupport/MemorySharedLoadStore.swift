package import CallCore
package import CallDriver
import Threads

/// The contract of `SharedLoadStore` in memory: what another engine has to do, and a store for tests of coordinators and generators.
package final class MemorySharedLoadStore: SharedLoadStore {
  private struct Generator {
    var name: String
    var report = GeneratorReport(.preparing)
    var seenAt: Int64
  }

  private struct Load {
    var load: SharedLoad
    var seenAt: Int64
    var startAt: Int64?
    var isStopped = false
    var generators: [Int: Generator] = [:]
    var seconds: [Int: [Int: [UInt8]]] = [:]
  }

  private let loads = Locked<[Load]>([])
  private let now: @Sendable () -> Int64

  /// - Parameter now: in microseconds since 1970.
  package init(now: @escaping @Sendable () -> Int64) { self.now = now }

  package func submit(_ load: SharedLoad) -> Bool {
    loads.withLock { loads in
      loads.removeAll { now() - $0.seenAt > SharedLoadLimits.forgottenAfter.microseconds }
      if loads.contains(where: { $0.load.id == load.id }) { return true }
      guard loads.count < SharedLoadLimits.loadsMax else { return false }
      loads.append(Load(load: load, seenAt: now()))
      return true
    }
  }

  package func progress(of id: String, after told: [Int]) -> SharedLoadProgress? {
    change(id) { load in
      load.seenAt = now()
      if load.startAt == nil, !load.isStopped {
        load.generators = load.generators.filter { _, generator in
          ![.preparing, .ready].contains(generator.report.phase)
            || now() - generator.seenAt <= SharedLoadLimits.partSilenceMax.microseconds
        }
      }
      let generators = load.generators.sorted { $0.key < $1.key }.map { index, generator in
        var report = generator.report
        report.seconds = (load.seconds[index] ?? [:]).filter { $0.key > told[index] }.sorted { $0.key < $1.key }
          .map { ($0.key, $0.value) }
        return SharedLoadProgress.Generator(
          index: index, name: generator.name, report: report, silence: .microseconds(now() - generator.seenAt))
      }
      return SharedLoadProgress(generators: generators)
    }
  }

  @discardableResult
  package func start(_ id: String, in lead: CallDuration) -> Int64? {
    change(id) { load in
      load.startAt = load.startAt ?? now() + lead.microseconds
      return load.startAt
    }
  }

  package func stop(_ id: String) { change(id) { $0.isStopped = true } }

  package func remove(_ id: String) { loads.withLock { $0.removeAll { $0.load.id == id } } }

  package func join(as name: String, of program: String) -> SharedLoadPart? {
    loads.withLock { loads in
      for load in loads {
        for (index, generator) in load.generators
        where generator.name == name && generator.report.phase == .preparing {
          return part(index, of: load, for: name)
        }
      }
      for place in loads.indices where isOpen(loads[place], for: program) {
        let free = (0..<loads[place].load.generators).first { loads[place].generators[$0] == nil }
        guard let free else { continue }
        loads[place].generators[free] = Generator(name: name, seenAt: now())
        return part(free, of: loads[place], for: name)
      }
      return nil
    }
  }

  private func isOpen(_ load: Load, for program: String) -> Bool {
    load.load.program == program && load.startAt == nil && !load.isStopped
      && now() - load.seenAt < SharedLoadLimits.silenceMax.microseconds
  }

  private func part(_ index: Int, of load: Load, for name: String) -> SharedLoadPart {
    SharedLoadPart(
      load: load.load.id, index: index, count: load.load.generators, generator: name, document: load.load.document,
      files: load.load.files)
  }

  package func report(_ report: GeneratorReport, of part: SharedLoadPart) -> GeneratorInstruction? {
    change(part.load) { load in
      guard load.generators[part.index]?.name == part.generator else { return nil }
      load.generators[part.index]?.report = report
      load.generators[part.index]?.seenAt = now()
      load.seconds[part.index, default: [:]].merge(report.seconds.map { ($0.number, $0.content) }) { old, _ in old }
      return GeneratorInstruction(
        startAt: load.startAt, isStopped: load.isStopped, coordinatorSilence: .microseconds(now() - load.seenAt))
    }
  }

  package func clock() -> Int64 { now() }

  package func foreignPrograms(ofLoadsFor program: String) -> [String: String] {
    loads.withLock { loads in
      let foreign = loads.filter { $0.load.program != program && isOpen($0, for: $0.load.program) }
      return Dictionary(uniqueKeysWithValues: foreign.map { ($0.load.id, $0.load.program) })
    }
  }

  @discardableResult
  private func change<Answer>(_ id: String, _ body: (inout Load) -> Answer?) -> Answer? {
    loads.withLock { loads in
      guard let place = loads.firstIndex(where: { $0.load.id == id }) else { return nil }
      return body(&loads[place])
    }
  }
}
