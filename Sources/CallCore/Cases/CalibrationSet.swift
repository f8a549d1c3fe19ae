/// Kept calls of which people know whether a statement is true: what shows whether a language model can be trusted to judge.
public struct CalibrationSet: Sendable, Equatable {
  /// Names the recording of what was answered.
  public var id: String
  /// At least one.
  public var calls: [KeptCall]
  /// Path of the file.
  public var file: String

  package init(id: String, calls: [KeptCall], file: String) { (self.id, self.calls, self.file) = (id, calls, file) }
}

/// What was said in a call, a statement about its agent, and whether that is true.
public struct KeptCall: Sendable, Equatable {
  /// What one side said at a stretch.
  public struct Line: Sendable, Equatable {
    /// Which side.
    public var role: TranscriptEntry.Role
    /// Of the agent, what was heard of it; of the caller, what was meant.
    public var text: String

    package init(_ role: TranscriptEntry.Role, _ text: String) { (self.role, self.text) = (role, text) }
  }

  /// Within its set.
  public var id: String
  /// Continues *The agent …*.
  public var criterion: String
  /// Whether it is true.
  public var isTrue: Bool
  /// In order; one of the agent at least.
  public var lines: [Line]
  /// In the file.
  public var line: Int

  package init(id: String, criterion: String, isTrue: Bool, lines: [Line], line: Int) {
    (self.id, self.criterion, self.isTrue, self.lines, self.line) = (id, criterion, isTrue, lines, line)
  }
}
