/// The text that ONNX Runtime gives with an error code.
enum OnnxMessage {
  /// Longer texts are cut.
  static let bytesMax = 512
}
