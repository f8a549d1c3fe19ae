import CallCore
import FoundationEssentials
import Glibc

/// What `voiceforge serve` needs beside the engines.
enum ServerChecks {
  static func section(_ settings: Settings) -> DoctorSection {
    DoctorSection(title: "Server", checks: [environmentFile, port(settings), page(settings), flows(settings)])
  }

  private static var environmentFile: DoctorCheck {
    FileManager.default.fileExists(atPath: ".env")
      ? DoctorCheck(name: "Settings", detail: ".env is read")
      : DoctorCheck(name: "Settings", detail: "defaults and environment; see .env.example")
  }

  private static func port(_ settings: Settings) -> DoctorCheck {
    let (host, port): (String, UInt16)
    do throws(CommandFault) { (host, port) = (settings.host, try settings.port()) } catch {
      return DoctorCheck(name: "Port", state: .missing, detail: error.description, remedy: "correct it")
    }
    switch PortState(host: host, port: port) {
    case .free: return DoctorCheck(name: "Port \(port)", detail: "free on \(host)")
    case .notAllowed(let why):
      return DoctorCheck(
        name: "Port \(port)", state: .note, detail: "\(host): \(why)", remedy: "set VOICEFORGE_HOST and VOICEFORGE_PORT"
      )
    case .used:
      if case .found(let version) = ServerProbe(host: host, port: port).check() {
        return DoctorCheck(name: "Port \(port)", detail: "VoiceForge \(version) serves there")
      }
      return DoctorCheck(
        name: "Port \(port)", state: .note, detail: "another program has it",
        remedy: "voiceforge serve --port 8081, or set VOICEFORGE_PORT")
    }
  }

  private static func page(_ settings: Settings) -> DoctorCheck {
    guard let folder = settings.webFolder else {
      return DoctorCheck(name: "Page", detail: "inside the program")
    }
    guard FileManager.default.fileExists(atPath: "\(folder)/index.html") else {
      return DoctorCheck(
        name: "Page", state: .missing, detail: "there is no index.html in", path: folder,
        remedy: "set VOICEFORGE_WEB to the folder of the page")
    }
    return DoctorCheck(name: "Page", detail: folder)
  }

  private static func flows(_ settings: Settings) -> DoctorCheck {
    do {
      let library = try FlowFolder.read(settings.flowFolder)
      return DoctorCheck(
        name: "Flows",
        detail: "\(library.flows.count) \(settings.flowFolder.map { "in \($0)" } ?? "inside the program")")
    } catch {
      return DoctorCheck(
        name: "Flows", state: .missing, detail: "\(error)",
        remedy: "voiceforge flow check FILE, or set VOICEFORGE_FLOWS")
    }
  }
}

/// Whether a port can be listened on.
enum PortState {
  case free
  case used
  /// The address or the port cannot be had; the text says why.
  case notAllowed(String)

  /// Binds a socket and closes it again.
  /// - Parameter host: in digits.
  init(host: String, port: UInt16) {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let address = found?.pointee else {
      self = .notAllowed("not an IPv4 or IPv6 address in digits")
      return
    }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.ai_family, address.ai_socktype, 0)
    defer { close(descriptor) }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) != 0 else {
      self = .free
      return
    }
    self = errno == EADDRINUSE ? .used : .notAllowed(String(cString: strerror(errno)))
  }
}
