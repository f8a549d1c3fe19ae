import ChildProcesses
import Threads

/// The children that engines run in: this very program, told so by its arguments.
public enum EngineChild {
  /// The first argument of a child. Hidden from people: it speaks with nobody but its program.
  public static let command = "child"
  /// The product, in whose folder programs look that cannot be their own children: tests and tools.
  private static let product = "voiceforge"

  /// Whether this program can be its own child.
  private static let isOffered = Locked(false)

  /// Becomes a child, and never returns, when `arguments` ask for it. Must be called before anything else by a program that is to be its own
  /// child. Others use the product in their folder.
  ///
  /// - Parameter arguments: without the program's name.
  public static func runIfAsked(_ arguments: some Collection<String>) {
    isOffered.withLock { $0 = true }
    let arguments = Array(arguments)
    guard arguments.count == 2, arguments[0] == command else { return }
    if arguments[1] == EspeakService.name { EspeakService.run() }
    if arguments[1] == FliteService.name { FliteService.run() }
    if arguments[1] == ModelProbe.name { ModelProbe.serve() }
    if let use = FFmpegService.Use(rawValue: arguments[1]) { FFmpegService.run(use) }
  }

  /// How a child of this kind is started.
  static func executable(_ kind: String) -> ChildExecutable {
    let isOwn = isOffered.withLock { $0 }
    let path = isOwn ? ChildExecutable.thisProgram : ChildExecutable.beside(product) ?? product
    return ChildExecutable(path: path, arguments: [command, kind])
  }
}
