import ArgumentParser
import CallCore
import CallServer
import Foundation
import Logging

/// `voiceforge serve`.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the page, REST and calls.",
    discussion: """
      EXAMPLES
        voiceforge serve                      on http://127.0.0.1:8080
        voiceforge serve --port 0             on any free port, which is printed
        voiceforge serve --demo               and place one demonstration call
        voiceforge serve --flows my/flows     with your own flows

      Ctrl-C or SIGTERM takes no more calls, lets those that are up go on for --drain seconds, ends the rest and exits 0. A second
      Ctrl-C ends them at once.
      """)

  @Option(help: "Address to listen on. Anything but loopback can be reached by others.")
  var host = "127.0.0.1"
  @Option(help: "Port to listen on; 0 takes any free one.")
  var port: UInt16 = 8080
  @Option(help: "Folder of flow files (default: Samples/flows, or VOICEFORGE_FLOWS).")
  var flows: String?
  @Option(help: "Calls at once; further ones are answered 503.")
  var calls = 500
  @Option(help: "Threads that carry calls.")
  var loops = ProcessInfo.processInfo.activeProcessorCount
  @Option(help: "Threads that run the speech engines.")
  var workers = ProcessInfo.processInfo.activeProcessorCount
  @Option(help: "Seconds that calls may go on after Ctrl-C.")
  var drain = 20
  @Option(name: .customLong("allow-origin"), help: "Origin of another site's page that may call; repeatable.")
  var allowOrigin: [String] = []
  @Flag(inversion: .prefixedNo, help: "Place one demonstration call when everything is loaded.")
  var demo = false

  func validate() throws {
    guard (1...100_000).contains(calls) else { throw ValidationError("--calls: expected 1 to 100000, got \(calls)") }
    guard (1...64).contains(loops) else { throw ValidationError("--loops: expected 1 to 64, got \(loops)") }
    guard (1...64).contains(workers) else { throw ValidationError("--workers: expected 1 to 64, got \(workers)") }
    guard (0...3600).contains(drain) else { throw ValidationError("--drain: expected 0 to 3600, got \(drain)") }
  }

  func run() throws {
    StopSignal.block()
    let environment = Settings()
    let log = Logger(label: "voiceforge") { StreamLogHandler.standardError(label: $0) }
    let local = try LocalServer(settings: settings(environment), environment: environment, flowFolder: flows, log: log)
    Terminal.line("VoiceForge serves on \(local.url) (Ctrl-C stops it)")
    if demo { try DemonstrationCall(local: local).place() }
    _ = StopSignal.wait()
    if local.server.callCount > 0 {
      Terminal.line("Stopping: \(local.server.callCount) calls may go on for \(drain) s; Ctrl-C again ends them now")
    }
    local.server.stop(isImpatient: { StopSignal.came(within: 0) })
    Terminal.line("Stopped.")
  }

  private func settings(_ environment: Settings) -> ServerSettings {
    var settings = ServerSettings()
    settings.address = host
    settings.port = port
    settings.callsMax = calls
    settings.mediaLoops = loops
    settings.speechThreads = workers
    settings.drainTime = .seconds(drain)
    settings.allowedOrigins = Set(allowOrigin)
    settings.webFolder = environment.webFolder
    return settings
  }
}
