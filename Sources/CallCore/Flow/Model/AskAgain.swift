/// What a question does when it got no answer, or none that fits.
public struct AskAgain: Sendable, Equatable {
  /// Said instead of the prompt; `{prompt}` in it stands for the question. The first is said first, the last one stays.
  /// Empty: the question itself is asked again.
  public var texts: [FlowText]
  /// How often to ask again in a row, 0 … 10.
  public var times: Int
  /// The state after that; `nil`: the flow gives up and the call ends.
  public var next: String?

  /// Two more askings are what VoiceXML platforms and telephone menus commonly allow before they give up.
  public static let timesDefault = 2

  /// See the properties.
  public init(_ texts: [FlowText] = [], times: Int = AskAgain.timesDefault, next: String? = nil) {
    self.texts = texts
    self.times = times
    self.next = next
  }
}
