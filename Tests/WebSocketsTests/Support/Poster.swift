import Glibc

/// A thread of a test.
final class Poster: @unchecked Sendable {
  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  private var thread = pthread_t()

  init(_ run: @escaping () -> Void) {
    pthread_create(&thread, nil, runPoster, Unmanaged.passRetained(Body(run)).toOpaque())
  }

  func join() { pthread_join(thread, nil) }

  fileprivate static func run(_ pointer: UnsafeMutableRawPointer) {
    Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
  }
}

private func runPoster(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { Poster.run(pointer) }
  return nil
}
