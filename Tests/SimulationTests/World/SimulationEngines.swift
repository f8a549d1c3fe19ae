import Engines
import Glibc

/// The real engines, loaded once for all suites of this module.
enum SimulationEngines {
  static let catalog = EngineCatalog(
    folder: EngineFolder(
      environment: ["VOICEFORGE_ENGINES", "HOME"].reduce(into: [:]) { variables, name in
        variables[name] = getenv(name).map { String(cString: $0) }
      }))
}
