import CallCore
import Formats
import Foundation

/// Small flows for the tests, and the samples.
enum TestFlows {
  /// Takes any words and goes on for ever.
  static let chat = """
    states:
      ask:
        collect: words
        as: text
        ask: [Hello there., And what else?]
        no-match: Sorry, I did not get that.
        intents: {over: {hear: end of the test, next: bye}}
        next: ask
      bye: {end: over, say: Goodbye.}
    """

  /// Ends as soon as it has heard anything.
  static let ping = """
    states:
      ask: {collect: words, as: text, ask: Yes?, next: bye}
      bye: {end: heard, say: I hear you.}
    """

  /// Says back what it understood, so that every reply must be synthesised.
  static let echo = """
    states:
      ask:
        collect: words
        as: text
        ask: ["Hello there.", "You said {words}."]
        intents: {over: {hear: end of the test, next: bye}}
        next: ask
      bye: {end: over, say: Goodbye.}
    """

  /// Talks long enough to be interrupted, in one sentence, so that nothing has to be fetched from a worker meanwhile.
  static let story = """
    states:
      story:
        listen: >
          Once upon a time there was a lighthouse keeper who lived alone with her cat and counted every ship that passed
          the rocks, until one night the lamp went out, and she rowed through the storm to bring the fishermen home.
        intents:
          stop: {hear: [stop, wait, question], next: bye}
      bye:
        end: stopped
        say: All right, I will stop here.
    """

  /// Looks an order up; `orders` is the address of the order system.
  static func lookup(orders: String) -> String {
    """
    variables: {desk: "\(orders)"}
    states:
      order: {collect: order, as: digits, length: 4, ask: Which order?, next: look-up}
      look-up:
        tool: GET {desk}/orders/{order}
        timeout: 500ms
        save: {status: order.status, city: order.address.0.city}
        next: known
        failed: broken
        timed-out: hanging
      known: {end: known, say: "It is {status} in {city}."}
      broken: {end: broken, say: The desk cannot help.}
      hanging: {end: hanging, say: The desk does not answer.}
    """
  }

  /// - Parameter more: further flows by name.
  static func library(_ more: [String: String] = [:]) throws -> FlowLibrary {
    try files(more).library
  }

  /// The same with their texts.
  static func files(_ more: [String: String] = [:]) throws -> FlowSources {
    let samples = try ["order-status", "appointment", "reminder", "support-triage"].map { name in
      (name: name, text: try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8))
    }
    let own = ["chat": chat, "ping": ping, "echo": echo, "story": story].merging(more) { $1 }
    let texts = own.map { (name: $0.key, text: $0.value) } + samples
    return try FlowReader.readFiles(texts.map { (file: "\($0.name).yaml", text: $0.text) }).get()
  }

  private static var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Samples/flows")
  }
}
