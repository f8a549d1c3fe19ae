/// The frame that every decoder delivers.
enum MediaFrame {
  /// Samples per second inside the product.
  static let sampleRate = 16000
  /// Samples of 20 ms.
  static let samples = 320
  /// Frames per second.
  static let perSecond = 50
}
