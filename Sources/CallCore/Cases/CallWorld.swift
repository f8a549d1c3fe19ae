/// Where the caller is, and what the line does to the call.
public struct CallWorld: Sendable, Equatable {
  /// Sound around the caller.
  public struct Noise: Sendable, Equatable {
    /// What it is.
    public enum Sort: Sendable, Equatable {
      /// The same power at every frequency.
      case white
      /// 3 dB less per octave.
      case pink
      /// Several people talking at once, in the callers' voices.
      case babble
      /// A WAV file, looped, by its path as the reader resolved it.
      case recording(String)
    }

    /// What it is.
    public var sort: Sort
    /// Power of the caller's speech, where there is any, over the power of the noise, in dB: −10 … 60.
    public var ratio: Int

    package init(sort: Sort, ratio: Int) {
      self.sort = sort
      self.ratio = ratio
    }
  }

  /// The agent's voice in the caller's microphone.
  public struct Echo: Sendable, Equatable {
    /// Level against the agent's voice as received, in dB: −60 … −6.
    public var level: Int
    /// How long after the agent's voice is heard.
    public var delay: CallDuration

    package init(level: Int, delay: CallDuration) {
      self.level = level
      self.delay = delay
    }
  }

  /// How the caller's telephone sends keys. The raw values stand in case files.
  public enum KeySending: String, Sendable, CaseIterable {
    /// By a message of the wire.
    case message
    /// As tones in place of what the microphone hears, on whatever wire.
    case inBand = "in-band"
  }

  /// An engine of the agent that does not do its work. Only our own agent can be asked for it.
  public struct EngineTrouble: Sendable, Equatable {
    /// Which.
    public enum Engine: String, Sendable, CaseIterable {
      /// Speech to text.
      case recognition
      /// Text to speech.
      case synthesis
    }

    /// Which.
    public var engine: Engine
    /// The caller's turn from which on; 1 is from the start.
    public var fromTurn: Int
    /// How much longer it takes; `nil`: it fails.
    public var delay: CallDuration?

    package init(engine: Engine, fromTurn: Int, delay: CallDuration?) {
      self.engine = engine
      self.fromTurn = fromTurn
      self.delay = delay
    }
  }

  /// `nil` for a quiet room.
  public var noise: Noise?
  /// Level of the caller's speech against the voice's own, in dB: −40 … 20.
  public var level = 0
  /// `nil` for a headset.
  public var echo: Echo?
  /// Whether the caller's voice goes through a telephone: 300 to 3400 Hz, 8 kHz, µ-law.
  public var isTelephone = false
  /// How keys are sent.
  public var keys = KeySending.message
  /// How audio travels.
  public var codec = AudioCodec.opus
  /// What the network does to the caller's packets.
  public var network = NetworkConditions()
  /// Breaks the connection this long after the start of the call; `nil`: it holds.
  public var disconnectAfter: CallDuration?
  /// Engines that fail or dawdle.
  public var engineTroubles: [EngineTrouble] = []

  /// A quiet room and a perfect line.
  public init() {}
}

/// What a network does to packets on their way from the caller to the agent. Drawn from the seed.
public struct NetworkConditions: Sendable, Equatable {
  /// Share of packets that are lost, in tenths of a per cent: 0 … 500.
  public var lossPermille = 0
  /// The same in whole per cent, rounded up: what the caller's encoder knows of it.
  public var expectedLossPercent: Int { (lossPermille + 9) / 10 }
  /// Mean length of a run of lost packets, in packets: 1 … 20 (the Gilbert–Elliott model with a good and a bad state; 1 loses
  /// packets independently of one another).
  public var lossBurst = 1
  /// How long a packet takes at least.
  public var delay = CallDuration.zero
  /// How much longer it takes at most; each packet's share is drawn evenly. Packets may overtake one another.
  public var jitter = CallDuration.zero
  /// Share of packets that arrive twice, in tenths of a per cent: 0 … 500.
  public var duplicatePermille = 0

  /// A perfect network.
  public init() {}
}
