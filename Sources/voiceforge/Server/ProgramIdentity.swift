import CallCore
import Engines
import Glibc

/// What this program and its engines are, in all that could change what comes of a call: two machines hold the same call alike where it is the
/// same.
struct ProgramIdentity: CustomStringConvertible {
  private var program = FileDigest()
  private var engines = FileDigest()

  /// Reads the program and every file of the engines: some 200 MB.
  /// - Throws: what cannot be read.
  init(_ settings: Settings) throws(CommandFault) {
    try program.add(file: "/proc/self/exe")
    for part in EngineInspection.inspect(settings.engineFolder) {
      engines.add(text: "\(part.name) \(part.version ?? "")")
      if let bytes = part.bytes, bytes > 0 { try engines.add(file: part.path) }
    }
    for model in try settings.modelFolder().read().models {
      var described = model
      described.files = [:]
      engines.add(text: "\(described)")
      for (name, path) in model.files.sorted(by: { $0.key < $1.key }) {
        engines.add(text: name)
        try engines.add(file: path)
      }
    }
  }

  /// As generators of loads and their coordinators name it: with whom they call, for a generator calls nobody else.
  func name(forTarget url: String) -> String { "\(self), calls to \(url)" }

  var description: String { "voiceforge \(VoiceForge.version), program \(program), engines \(engines)" }
}

/// A digest of 64 bits of files and texts, against mistakes and not against people.
private struct FileDigest: CustomStringConvertible {
  /// FNV-1a's, over words instead of bytes.
  private var bits: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let factor: UInt64 = 0x100_0000_01B3

  var description: String {
    let text = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  mutating func add(text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
    add(0x100)
  }

  /// - Parameter path: of a file, or of a folder, whose name says enough.
  mutating func add(file path: String) throws(CommandFault) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      throw CommandFault("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
    let count = Int(status.st_size)
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw CommandFault("cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { munmap(start, count) }
    let words = start.bindMemory(to: UInt64.self, capacity: count / 8)
    for index in 0..<(count / 8) { add(words[index]) }
    for index in (count / 8 * 8)..<count { add(UInt64(start.load(fromByteOffset: index, as: UInt8.self))) }
    add(UInt64(count))
  }

  private mutating func add(_ word: UInt64) {
    bits = (bits ^ word) &* Self.factor
    bits ^= bits >> 29
  }
}
