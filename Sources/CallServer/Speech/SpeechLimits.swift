public import CallCore

/// What bounds the speech that is made and recognised for whoever is in no call.
public struct SpeechLimits: Sendable {
  /// Requests at once, waiting ones included; further ones are answered 503. With one thread for them and some 100 ms of work for
  /// each sentence, the last one waits for some seconds. One key, or one address without keys, may have half of them: as many as one
  /// node that carries calls sends to another.
  public var requestsMax = 32
  /// Answers at once that are sent as fast as their clients read; each holds a sentence of sound, at most some 1.5 MB of WAV. They
  /// take no place of the requests while nothing is made for them. One key or address may have half of them; further ones are 429.
  public var streamsMax = 64
  /// Longest wait for a thread; then the request is answered 503. Programs give up after half a minute to a minute.
  public var waitMax = CallDuration.seconds(30)
  /// Largest upload, in bytes: eight minutes of 16 kHz WAV.
  public var uploadBytesMax = 16 << 20
  /// Bytes of all uploads and of the sound decoded from them; further uploads are answered 503.
  public var heldBytesMax = 128 << 20
  /// Longest sound that is transcribed.
  public var soundSecondsMax = 600
  /// Bytes of samples of voices that are kept: some 80 of 5 s; the one not asked for longest goes first.
  public var sampleCacheBytes = 20_000_000

  /// The defaults.
  public init() {}
}
