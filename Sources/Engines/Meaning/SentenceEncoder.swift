import CallCore
import FoundationEssentials

/// all-MiniLM-L6-v2: a sentence in, a direction of length 1 in 384 dimensions out. Safe to use from several threads at once.
final class SentenceEncoder: Sendable {
  /// Numbers of a direction; divisible by 8.
  static let dimensions = 384

  private let model: OnnxModel
  private let tokenizer: WordPieceTokenizer

  /// - Throws: `.modelUnavailable` with the path of what is absent or something else.
  init(folder: EngineFolder) throws(EngineError) {
    guard let data = FileManager.default.contents(atPath: folder.meaningVocabulary),
      let tokenizer = WordPieceTokenizer(vocabulary: String(decoding: data, as: UTF8.self))
    else { throw .modelUnavailable(path: folder.meaningVocabulary) }
    self.tokenizer = tokenizer
    model = try OnnxModel(path: folder.meaningModel, library: OnnxLibrary(path: folder.onnxLibrary))
  }

  /// One sentence a run: what a sentence comes to must not depend, by a bit, on those that are worked out beside it.
  func direction(of text: String) throws(EngineError) -> [Float] {
    let ids = tokenizer.ids(of: text)
    let run = OnnxRun(
      model, inputs: ["input_ids", "attention_mask", "token_type_ids"], outputs: ["last_hidden_state"])
    let shape = [1, Int64(ids.count)]
    let input = try run.allocate(0, shape: shape, of: Int64.self)
    let mask = try run.allocate(1, shape: shape, of: Int64.self)
    _ = try run.allocate(2, shape: shape, of: Int64.self)
    for (index, id) in ids.enumerated() { (input[index], mask[index]) = (id, 1) }
    try run.run()
    let states = try run.values(3)
    guard states.count == ids.count * Self.dimensions else {
      throw .library(function: "MiniLM: output size", code: states.count)
    }
    var sum = [Float](repeating: 0, count: Self.dimensions)
    for piece in 0..<ids.count {
      for index in 0..<Self.dimensions { sum[index] += states[piece * Self.dimensions + index] }
    }
    withExtendedLifetime(run) {}
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? sum.map { $0 / length } : sum
  }

  /// Of two directions: 1 for the same, 0 for such that have nothing in common. Eight products at a time, always in the same order.
  static func cosine(_ left: [Float], _ right: [Float]) -> Float {
    left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        var sums = SIMD8<Float>.zero
        for offset in stride(from: 0, to: min(left.count, right.count), by: MemoryLayout<SIMD8<Float>>.size) {
          sums +=
            left.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            * right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
        }
        return sums.sum()
      }
    }
  }
}
