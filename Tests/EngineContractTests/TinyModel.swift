/// An ONNX file of a few nodes, written here (onnx.proto of ONNX 1.16): a model of a sort of which none is at hand, for its shape alone.
struct TinyModel {
  /// What a file says of its tensors.
  enum Element: Int { case float = 1, int64 = 7 }

  struct Tensor {
    var name: String
    var shape: [Int]
    var element = Element.float
  }

  struct Node {
    var operation: String
    var inputs: [String]
    var output: String
    var integers: [(name: String, values: [Int])] = []
    var integer: (name: String, value: Int)?
  }

  var inputs: [Tensor]
  var outputs: [Tensor]
  var constants: [(name: String, shape: [Int], values: [Float])] = []
  var nodes: [Node]
  var metadata: [(key: String, value: String)]

  /// A dimension that is open.
  static let open = -1

  var bytes: [UInt8] {
    var graph: [UInt8] = []
    for node in nodes { graph += Self.field(1, Self.node(node)) }
    graph += Self.field(2, "tiny")
    for constant in constants { graph += Self.field(5, Self.tensor(constant.name, constant.shape, constant.values)) }
    for input in inputs { graph += Self.field(11, Self.value(input)) }
    for output in outputs { graph += Self.field(12, Self.value(output)) }
    var model = Self.field(1, 8) + Self.field(7, graph) + Self.field(8, Self.field(1, "") + Self.field(2, 17))
    for (key, value) in metadata { model += Self.field(14, Self.field(1, key) + Self.field(2, value)) }
    return model
  }

  private static func node(_ node: Node) -> [UInt8] {
    var bytes: [UInt8] = []
    for input in node.inputs { bytes += field(1, input) }
    bytes += field(2, node.output) + field(4, node.operation)
    for (name, values) in node.integers {
      bytes += field(5, field(1, name) + values.flatMap { field(8, $0) } + field(20, 7))
    }
    if let (name, value) = node.integer { bytes += field(5, field(1, name) + field(3, value) + field(20, 2)) }
    return bytes
  }

  private static func tensor(_ name: String, _ shape: [Int], _ values: [Float]) -> [UInt8] {
    let raw = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    return shape.flatMap { field(1, $0) } + field(2, Element.float.rawValue) + field(8, name) + field(9, raw)
  }

  private static func value(_ tensor: Tensor) -> [UInt8] {
    let shape = tensor.shape.flatMap { field(1, $0 == open ? field(2, "n") : field(1, $0)) }
    let type = field(1, field(1, tensor.element.rawValue) + field(2, shape))
    return field(1, tensor.name) + field(2, type)
  }

  private static func field(_ number: Int, _ value: Int) -> [UInt8] { varint(number << 3) + varint(value) }
  private static func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
  private static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(bytes.count) + bytes
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var (rest, bytes) = (UInt64(value), [UInt8]())
    while rest > 127 {
      bytes.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}

extension TinyModel {
  /// Mean over time of 80 bands: an embedder as WeSpeaker's are.
  static let embedder = TinyModel(
    inputs: [Tensor(name: "x", shape: [1, open, 80])], outputs: [Tensor(name: "embs", shape: [1, 80])],
    nodes: [
      Node(
        operation: "ReduceMean", inputs: ["x"], output: "embs", integers: [("axes", [1])], integer: ("keepdims", 0))
    ],
    metadata: [
      ("output_dim", "80"), ("sample_rate", "16000"), ("normalize_samples", "1"), ("language", "English"),
      ("framework", "wespeaker"),
    ])

  /// Half of each spectrum, whatever it holds: a denoiser as GTCRN is.
  static let denoiser = makeDenoiser([Node(operation: "Mul", inputs: ["mix", "half"], output: "enh")])

  /// Its square, magnified: numbers for quiet sound alone.
  static let quietDenoiser = makeDenoiser([
    Node(operation: "Mul", inputs: ["mix", "large"], output: "larger"),
    Node(operation: "Mul", inputs: ["larger", "larger"], output: "enh"),
  ])

  /// Each spectrum by its sum: no number for silence.
  static let loudDenoiser = makeDenoiser([
    Node(operation: "ReduceL1", inputs: ["mix"], output: "sum", integer: ("keepdims", 1)),
    Node(operation: "Div", inputs: ["mix", "sum"], output: "enh"),
  ])

  private static func makeDenoiser(_ nodes: [Node]) -> TinyModel {
    TinyModel(
      inputs: [Tensor(name: "mix", shape: [1, 257, 1, 2])] + caches("", of: .float),
      outputs: [Tensor(name: "enh", shape: [1, 257, 1, 2])] + caches("_out", of: .float),
      constants: [("half", [1], [0.5]), ("large", [1], [5e18])],
      nodes: nodes + identities,
      metadata: [
        ("model_type", "gtcrn"), ("sample_rate", "16000"), ("n_fft", "512"), ("hop_length", "256"),
        ("window_length", "512"), ("window_type", "hann_sqrt"), ("version", "1"), ("conv_cache_shape", "1,1"),
        ("tra_cache_shape", "1,1"), ("inter_cache_shape", "1,1"),
      ])
  }

  private static func caches(_ ending: String, of element: Element) -> [Tensor] {
    ["conv_cache", "tra_cache", "inter_cache"].map { Tensor(name: $0 + ending, shape: [1, 1], element: element) }
  }

  private static let identities = ["conv_cache", "tra_cache", "inter_cache"].map {
    Node(operation: "Identity", inputs: [$0], output: $0 + "_out")
  }

  /// Two symbols a frame, of which the first is likelier where the frame is loud: a recogniser as NeMo's streaming CTC models are.
  static let streaming = TinyModel(
    inputs: [Tensor(name: "audio_signal", shape: [1, 80, open]), Tensor(name: "length", shape: [1], element: .int64)]
      + states(""),
    outputs: [
      Tensor(name: "logprobs", shape: [1, open, 2]), Tensor(name: "encoded_lengths", shape: [1], element: .int64),
    ] + states("_next"),
    constants: [("weights", [2], [1, 0]), ("threshold", [2], [8, 0])],
    nodes: [
      Node(
        operation: "ReduceMean", inputs: ["audio_signal"], output: "level", integers: [("axes", [1])],
        integer: ("keepdims", 1)),
      Node(operation: "Transpose", inputs: ["level"], output: "levels", integers: [("perm", [0, 2, 1])]),
      Node(operation: "Mul", inputs: ["levels", "weights"], output: "weighted"),
      Node(operation: "Add", inputs: ["weighted", "threshold"], output: "logprobs"),
      Node(operation: "Identity", inputs: ["length"], output: "encoded_lengths"),
    ]
      + ["cache_last_channel", "cache_last_time", "cache_last_channel_len"].map {
        Node(operation: "Identity", inputs: [$0], output: $0 + "_next")
      },
    metadata: [
      ("window_size", "20"), ("chunk_shift", "20"), ("subsampling_factor", "1"), ("vocab_size", "1"),
      ("cache_last_channel_dim1", "1"), ("cache_last_channel_dim2", "1"), ("cache_last_channel_dim3", "1"),
      ("cache_last_time_dim1", "1"), ("cache_last_time_dim2", "1"), ("cache_last_time_dim3", "1"),
    ])

  private static func states(_ ending: String) -> [Tensor] {
    [
      Tensor(name: "cache_last_channel" + ending, shape: [1, 1, 1, 1]),
      Tensor(name: "cache_last_time" + ending, shape: [1, 1, 1, 1]),
      Tensor(name: "cache_last_channel_len" + ending, shape: [1], element: .int64),
    ]
  }
}
