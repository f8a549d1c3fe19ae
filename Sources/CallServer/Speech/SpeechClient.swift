/// For whom speech is made, as far as shares go.
enum SpeechClient: Hashable, Sendable {
  /// The holder of the key with this id.
  case key(String)
  /// Whoever asks from there without a key.
  case address(ClientAddress)
}
