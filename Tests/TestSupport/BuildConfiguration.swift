/// How the program under test was built.
public enum BuildConfiguration {
  /// Whether it is optimised: code that is not allocates of itself.
  public static let isRelease: Bool = {
    #if DEBUG
      false
    #else
      true
    #endif
  }()
}
