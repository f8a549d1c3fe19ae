import CallCore
import CallDriver
import Foundation
import JSON
import Testing

/// Sound files as people have them: made by ffmpeg from one that the program spoke.
@Suite("Sound files as people have them")
struct SoundFileTests {
  private static let text = "Please hold the line while I look for your account."

  /// Ends of names, and how ffmpeg makes such a file.
  static let kinds: [(name: String, options: String)] = [
    ("x.mp3", "-ar 44100 -ac 2"), ("x.flac", "-ar 48000"), ("vorbis.ogg", "-c:a libvorbis -ar 44100"),
    ("opus.ogg", "-c:a libopus"), ("x.webm", "-c:a libopus -ac 2"), ("x.m4a", "-ar 44100"), ("x.aac", ""),
    ("x.mka", "-c:a flac"), ("x.aiff", ""), ("x.au", ""), ("x.caf", ""), ("x.w64", ""),
    ("alaw.wav", "-c:a pcm_alaw -ar 8000"),
    ("mulaw.wav", "-c:a pcm_mulaw -ar 8000"), ("u8.wav", "-c:a pcm_u8"), ("s24.wav", "-c:a pcm_s24le -ar 96000"),
    ("f64.wav", "-c:a pcm_f64le"), ("ms.wav", "-c:a adpcm_ms"), ("six.wav", "-af pan=6c|c3=c0"),
    ("phase.mp3", "-af pan=stereo|c0=c0|c1=-1*c0 -b:a 192k"), ("six.flac", "-af pan=6c|c5=c0"),
  ]

  private func spoken(in scratch: Scratch) async throws -> String {
    let file = scratch.file("spoken.wav")
    #expect(try await Command.run("say", Self.text, "--output", file).status == 0)
    return file
  }

  /// Runs ffmpeg in the folder.
  private func ffmpeg(_ arguments: [String]) async throws {
    let made = try await Command(
      ["-loglevel", "error", "-nostdin", "-y"] + arguments, program: URL(filePath: "/usr/bin/ffmpeg")
    ).end(within: .seconds(30))
    #expect(made.status == 0, "\(made.errors)")
  }

  @Test("every kind is transcribed, whatever its rate and channels; one without a channel left to hear says so")
  func kinds() async throws {
    let scratch = try Scratch()
    let spoken = try await spoken(in: scratch)
    var files: [String] = []
    for kind in Self.kinds {
      files.append(scratch.file(kind.name))
      try await ffmpeg(["-i", spoken] + kind.options.split(separator: " ").map(String.init) + [files[files.count - 1]])
    }
    let heard = try await Command(["transcribe"] + files).end(within: .seconds(60))
    #expect(heard.status == 0, "\(heard.errors)")
    let lines = heard.output.split(separator: "\n").map(String.init)
    try #require(lines.count == files.count, "\(heard)")
    for (line, file) in zip(lines, files) {
      let words = String(line.dropFirst(file.count + 2))
      #expect(WordErrorRate(reference: Self.text, heard: words).rate <= 0.2, "\(line)")
    }
    let document = try await Command.run("transcribe", "--json", scratch.file("x.mp3"))
    let file = try JSONValue(parsing: document.output).list("files").first
    #expect(file?["sampleRate"]?.wholeNumber == 44_100 && file?["channels"]?.wholeNumber == 2, "\(document.output)")
  }

  @Test("the end of a file's name says what is written", arguments: ["mp3", "aac", "flac", "opus", "ogg"])
  func written(ending: String) async throws {
    let scratch = try Scratch()
    let file = scratch.file("said.\(ending)")
    #expect(try await Command.run("say", Self.text, "--output", file).status == 0)
    let starts = ["mp3": [0xFF, 0xF3], "aac": [0xFF, 0xF1], "flac": Array("fLaC".utf8)][ending] ?? Array("OggS".utf8)
    #expect(try Scratch.bytes(of: file).starts(with: starts))
    let heard = try await Command.run("transcribe", file)
    #expect(WordErrorRate(reference: Self.text, heard: heard.output).rate <= 0.1, "\(heard)")
  }

  @Test("what is no sound is refused with the reason: playlists, images, archives, files without sound")
  func refused() async throws {
    let scratch = try Scratch()
    try await ffmpeg(["-f", "lavfi", "-i", "testsrc=d=1", scratch.file("silent.mp4")])
    try await ffmpeg(["-f", "lavfi", "-i", "testsrc=d=1", "-frames:v", "1", scratch.file("image.png")])
    _ = try scratch.write("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n", to: "list.m3u8")
    _ = try scratch.write("ffconcat version 1.0\nfile spoken.wav\n", to: "list.txt")
    _ = try scratch.write("PK\u{3}\u{4}\u{14}" + String(repeating: "\0", count: 200), to: "archive.zip")
    for (name, says) in [
      ("silent.mp4", "holds no sound"), ("image.png", "are not taken"), ("list.m3u8", "the kind HLS"),
      ("list.txt", "the kind CONCAT"), ("archive.zip", "no sound file of a known kind"),
    ] {
      let ended = try await Command.run("transcribe", scratch.file(name))
      #expect(ended.status == 2 && ended.errors.contains(says), "\(name): \(ended)")
    }
  }

  @Test(
    "where FFmpeg's libraries are missing, a file that needs them is refused before anything is spoken, and WAV is written",
    .enabled(if: SmallDisk.isPossible, "needs a mount namespace of its own"))
  func missingLibrary() async throws {
    let scratch = try Scratch()
    let script = """
      for file in /usr/lib/*/libavformat.so.*; do mount --bind /dev/null "$file"; done
      "$program" say Hello. --voice espeak:en-us --output said.mp3
      echo "status $?"
      "$program" say Hello. --voice espeak:en-us --output said.wav
      echo "status $?"
      """
    let command = try Command(
      Array(SmallDisk.shell.dropFirst()) + ["program='\(VoiceForgeBinary.url.path())'\n\(script)"],
      program: URL(filePath: SmallDisk.shell[0]), folder: scratch)
    let ended = try await command.end(within: .seconds(60))
    #expect(ended.output == "status 2\nstatus 0\n", "\(ended)")
    #expect(
      ended.errors.contains("cannot write said.mp3: ") && ended.errors.contains("libavformat")
        && ended.errors.contains("install Debian's libavformat"), "\(ended.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.file("said.mp3")))
    #expect(try Scratch.bytes(of: scratch.file("said.wav")).starts(with: "RIFF".utf8))
  }

  // MARK: - The server and its children

  /// Children that run FFmpeg, by process.
  private func decoders(of server: RunningServer) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { id in
      text("/proc/\(id)/cmdline") == "voiceforge\0child\0ffmpeg\0"
        && text("/proc/\(id)/stat")?.split(separator: ")").last?.split(separator: " ").dropFirst().first
          == "\(server.command.id)"[...]
    }
  }

  private func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    "the server never opens FFmpeg; a child that is stopped or killed costs its file at most, and others take its place"
  )
  func children() async throws {
    let scratch = try Scratch()
    let file = scratch.file("said.mp3")
    #expect(try await Command.run("say", Self.text, "--output", file).status == 0)
    let bytes = try Scratch.bytes(of: file)
    let server = try await RunningServer()
    try await server.command.wait(.seconds(30), for: "the engines") {
      try server.get("/readyz").status == 200 ? true : nil
    }
    func heard() throws -> (status: Int, body: String) {
      try PlainRequest.send("POST", "/api/stt", ["content-type": "audio/mpeg"], bytes, port: server.port)
    }
    #expect(try decoders(of: server).isEmpty, "they are started when they are needed")
    #expect(try heard().status == 200)
    let opened = try await Command.shell("grep -c libav /proc/\(server.command.id)/maps")
    #expect(opened.output == "0\n")
    let first = try decoders(of: server)
    #expect(first.count == 2)
    #expect(try heard().status == 200)
    #expect(try Set(decoders(of: server)).intersection(first).count == 1, "a child decodes one file and is ended")
    let ready = try decoders(of: server)
    for id in ready {
      // The newest may still be loading.
      let confined = try await Command.shell(
        "until grep -q libavcodec /proc/\(id)/maps && grep -q 'Seccomp:.2' /proc/\(id)/status; do :; done; "
          + "grep -c 'NoNewPrivs:.1' /proc/\(id)/status")
      #expect(confined.output == "1\n", "\(confined)")
    }
    for id in ready { kill(id, SIGSTOP) }
    for _ in ready {
      let stuck = try heard()
      #expect(stuck.status == 503 && stuck.body.contains("try again in some seconds"), "\(stuck.body)")
    }
    #expect(try heard().status == 200)
    let second = try decoders(of: server)
    #expect(second.count == 2 && Set(second).isDisjoint(with: ready))
    for id in second { kill(id, SIGKILL) }
    for id in second {
      try await server.command.wait(.seconds(30), for: "the end of a child") { () -> Bool? in
        text("/proc/\(id)/stat").map { $0.contains(") Z ") } ?? true ? true : nil
      }
    }
    #expect(try heard().status == 200, "a child that ended while it waited is replaced unseen")
    #expect(try await server.stop().status == 0)
  }
}
