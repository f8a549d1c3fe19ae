/// What a caller can do besides speaking.
enum CallerInput: Sendable, Equatable {
  case key(Key)
  case text(String)
}
