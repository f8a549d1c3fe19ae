import FoundationEssentials
import Glibc

/// Which of Debian's libraries this process runs with. One that is missing keeps the program from starting at all, so this says
/// which file and so which version was found.
enum LibraryChecks {
  private static let libraries = [
    (name: "libwebsockets", file: "libwebsockets.so", package: "libwebsockets-dev"),
    (name: "Opus", file: "libopus.so", package: "libopus-dev"),
    (name: "Ogg", file: "libogg.so", package: "libogg-dev"),
    (name: "SpeexDSP", file: "libspeexdsp.so", package: "libspeexdsp-dev"),
    (name: "eSpeak NG", file: "libespeak-ng.so", package: "libespeak-ng-dev"),
    (name: "libpq", file: "libpq.so", package: "libpq-dev"),
    (name: "RE2", file: "libre2.so", package: "libre2-dev"),
    (name: "KISS FFT", file: "libkissfft-float.so", package: "libkissfft-dev"),
  ]

  static func section() -> DoctorSection {
    let loaded = loadedFiles()
    let checks = libraries.map { library in
      if let path = loaded.first(where: { $0.contains("/\(library.file)") }) {
        DoctorCheck(name: library.name, path: path)
      } else {
        DoctorCheck(
          name: library.name, state: .note, detail: "not found among the libraries of this process",
          remedy: "apt-get install \(library.package)")
      }
    }
    return DoctorSection(title: "Debian libraries", checks: checks)
  }

  /// Paths of the files that are mapped into this process (proc(5)).
  private static func loadedFiles() -> Set<String> {
    do throws(ByteFile.Fault) {
      let maps = try ByteFile.read("/proc/self/maps", bytesMax: 1 << 24)
      let lines = String(decoding: maps, as: UTF8.self).split(separator: "\n")
      return Set(lines.compactMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } })
    } catch {
      return []  // without /proc the libraries are shown as not found, which is a note
    }
  }
}
