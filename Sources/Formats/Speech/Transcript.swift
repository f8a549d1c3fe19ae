public import CallCore
import JSON

/// The words of a recording, in the shapes of OpenAI's API. What the recogniser does not know, such as how sure it is, is left out.
public struct Transcript: Sendable, Equatable {
  /// A stretch of speech.
  public struct Segment: Sendable, Equatable {
    /// Where it begins.
    public var start: CallDuration
    /// Where it ends.
    public var end: CallDuration
    /// Its words.
    public var text: String
    /// When each of them was said, where that was asked for: an estimate.
    public var words: [Word]

    package init(start: CallDuration, end: CallDuration, text: String, words: [Word] = []) {
      self.start = start
      self.end = end
      self.text = text
      self.words = words
    }
  }

  /// One word with its time.
  public struct Word: Sendable, Equatable {
    /// Where it begins.
    public var start: CallDuration
    /// Where it ends.
    public var end: CallDuration
    /// As it stands in the text, without the signs around it.
    public var text: String

    package init(start: CallDuration, end: CallDuration, text: String) {
      self.start = start
      self.end = end
      self.text = text
    }
  }

  /// What has times in `verbose_json`.
  public enum Granularity: String, Sendable, CaseIterable {
    /// Passages.
    case segment
    /// Words.
    case word
  }

  /// Length of the recording.
  public var duration: CallDuration
  /// In their order.
  public var segments: [Segment] = []

  /// - Parameter duration: of the recording.
  public init(duration: CallDuration) { self.duration = duration }

  /// All words.
  public var text: String { segments.map(\.text).joined(separator: " ") }

  /// The transcript in `format`, UTF-8.
  /// - Parameters:
  ///   - task: what was asked for.
  ///   - times: what has times in `verbose_json`.
  public func written(
    as format: TranscriptFormat, task: TranscriptionTask = .transcribe, times: Set<Granularity> = [.segment]
  ) -> [UInt8] {
    switch format {
    case .json: JSONObject { $0.field("text", text) }.json
    case .verbose: verbose(task, times).json
    case .text: Array((text + "\n").utf8)
    case .srt: Array(subtitles(point: ",").utf8)
    case .vtt: Array(("WEBVTT\n\n" + subtitles(point: ".")).utf8)
    }
  }

  private func subtitles(point: String) -> String {
    segments.enumerated().map { index, segment in
      let number = point == "," ? "\(index + 1)\n" : ""
      let times = "\(Self.clock(segment.start, point)) --> \(Self.clock(segment.end, point))"
      // An arrow in a line of text would be taken for times.
      return "\(number)\(times)\n\(segment.text.replacing("-->", with: "→"))\n"
    }.joined(separator: "\n")
  }

  private static func clock(_ time: CallDuration, _ point: String) -> String {
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(count - text.count, 0)) + text
    }
    let (ms, seconds) = (time.milliseconds % 1000, time.milliseconds / 1000)
    return
      "\(digits(seconds / 3600, 2)):\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2))\(point)\(digits(ms, 3))"
  }

  private func verbose(_ task: TranscriptionTask, _ times: Set<Granularity>) -> JSONObject {
    JSONObject { writer in
      writer.field("task", task.rawValue)
      writer.field("language", "english")
      writer.field("duration", thousandths: duration.milliseconds)
      writer.field("text", text)
      if times.contains(.word) {
        writer.objects("words", segments.flatMap(\.words)) { writer, word in
          writer.field("word", word.text)
          writer.field("start", thousandths: word.start.milliseconds)
          writer.field("end", thousandths: word.end.milliseconds)
        }
      }
      guard times.contains(.segment) else { return }
      writer.objects("segments", segments.enumerated()) { writer, element in
        writer.field("id", element.offset)
        writer.members(of: element.element)
      }
    }
  }
}

/// What is done with a recording; as `verbose_json` calls it.
public enum TranscriptionTask: String, Sendable {
  /// Its words are written down.
  case transcribe
  /// Its words are written down in English: only English is understood, so they are the same.
  case translate
}

/// How a transcription is written down.
public enum TranscriptFormat: String, Sendable, CaseIterable {
  /// `{"text"}`.
  case json
  /// The words alone.
  case text
  /// The passages with their times, too.
  case verbose = "verbose_json"
  /// Subtitles as SubRip files have them.
  case srt
  /// Subtitles for the web (WebVTT).
  case vtt

  /// The media type.
  public var contentType: String {
    switch self {
    case .json, .verbose: "application/json"
    case .text, .srt: "text/plain; charset=utf-8"
    case .vtt: "text/vtt; charset=utf-8"
    }
  }
}
