import ArgumentParser

/// Options of `voiceforge call --phone`.
struct PhoneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Have this number called through Twilio and hold a case as the caller; costs money and reaches people.",
      valueName: "number"))
  var phone: String?
  @Option(
    name: .customLong("from"),
    help: ArgumentHelp(
      "--phone: number of the account that is shown to the called (default: TWILIO_FROM_NUMBER).", valueName: "number"))
  var from: String?
  @Option(
    name: .customLong("case"),
    help: ArgumentHelp("--phone: the case to hold: a file with one, or the id of a sample.", valueName: "case"))
  var testCase: String?
  @Option(
    help: ArgumentHelp(
      "--phone: address by which Twilio reaches this machine (default: VOICEFORGE_PUBLIC_URL).", valueName: "url"))
  var publicURL: String?
  @Option(help: ArgumentHelp("--phone: port to listen on (default: VOICEFORGE_PORT, or 8080).", valueName: "port"))
  var port: UInt16?
  @Option(
    help: ArgumentHelp("--phone: write the reports, with the sound of the call, into this folder.", valueName: "folder")
  )
  var report: String?
  @Flag(help: "--phone: leave out expectations that a telephone cannot answer.")
  var skipUnobservable = false
  @Flag(help: "--phone: do not ask whether to call.")
  var yes = false

  func validate() throws {
    let others: [(String, Bool)] = [
      ("--from", from != nil), ("--case", testCase != nil), ("--public-url", publicURL != nil), ("--port", port != nil),
      ("--report", report != nil), ("--skip-unobservable", skipUnobservable), ("--yes", yes),
    ]
    if phone == nil, let other = others.first(where: \.1) {
      throw ValidationError("\(other.0) goes with --phone NUMBER")
    }
  }
}
