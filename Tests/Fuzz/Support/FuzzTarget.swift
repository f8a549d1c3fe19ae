/// Code that strangers' bytes reach. One that does not trap and keeps what it requires is in order.
protocol FuzzTarget: AnyObject, SendableMetatype {
  /// The name in `FUZZ_TARGET` and of the folder of its seeds.
  static var name: String { get }

  init()

  /// Takes one input. It must be done with it when it returns.
  func run(_ bytes: [UInt8])

  /// What its corpus begins with besides the text files of its folder.
  static var binarySeeds: [BinarySeed] { get }
}

extension FuzzTarget {
  static var binarySeeds: [BinarySeed] { [] }
}

/// An input that cannot be kept as text: it is made when it is needed.
struct BinarySeed {
  /// Of its file.
  var name: String
  var bytes: [UInt8]

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// One kind of target, before it is made.
struct FuzzTargetKind: Sendable {
  let name: String
  let make: @Sendable () -> any FuzzTarget
  let binarySeeds: @Sendable () -> [BinarySeed]

  init<Target: FuzzTarget>(_ type: Target.Type) {
    name = Target.name
    make = { Target() }
    binarySeeds = { Target.binarySeeds }
  }
}

/// What must hold for every input; libFuzzer keeps the input for which it does not.
func require(_ holds: Bool, _ rule: @autoclosure () -> String) {
  if !holds { fatalError(rule()) }
}
