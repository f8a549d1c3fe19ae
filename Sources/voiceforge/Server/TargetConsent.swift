import Glibc
import WebSockets

/// What costs others is asked once on a terminal; elsewhere `--yes` has to say it.
enum TargetConsent {
  /// Asks before many calls go to another machine.
  /// - Parameters:
  ///   - url: of the target; one on this machine is nobody else's.
  ///   - what: is to be done, such as `up to 20 calls at once`.
  /// - Throws: unless somebody said yes.
  static func ask(for what: String, to url: String, isGiven: Bool) throws(CommandFault) {
    guard !isGiven, HostAndPort(ofURL: url)?.isThisMachine != true else { return }
    try ask(
      "Have \(what) go to \(url)? Whoever runs it has to serve them.",
      otherwise: "\(what) to \(url) are for its owner to serve: add --yes to place them without being asked")
  }

  /// Asks a question on the terminal.
  /// - Parameter fault: what is said where nobody can be asked.
  /// - Throws: unless the answer is yes.
  static func ask(_ question: String, otherwise fault: String) throws(CommandFault) {
    guard isatty(STDIN_FILENO) == 1 else { throw CommandFault(fault) }
    Terminal.errorLine("\(question) [y/N]")
    // Ctrl-C is an answer too, also where it is blocked for those who wait for it.
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 100) == 0 {
      if StopSignal.isReceived(within: 0) { throw CommandFault("no call was placed") }
    }
    guard ["y", "yes"].contains((readLine() ?? "").lowercased()) else { throw CommandFault("no call was placed") }
  }
}
