import Wires

/// The answer of a bot's web server to a call. What was read of it is written, and read again as the same.
final class TwiMLTarget: FuzzTarget {
  static let name = "twiml"

  func run(_ bytes: [UInt8]) {
    guard let document = try? TwiML(reading: String(decoding: bytes, as: UTF8.self)) else { return }
    require(!document.streamURL.isEmpty, "a stream has an address")
    guard let again = try? TwiML(reading: document.text) else { fatalError("what is written can be read") }
    require(again.streamURL == document.streamURL, "the address is the same")
    require(
      again.parameters.elementsEqual(document.parameters) { $0.name == $1.name && $0.value == $1.value },
      "the parameters are the same")
  }
}
