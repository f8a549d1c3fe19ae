/// What became of a change to the kept keys.
public enum KeyChange: Sendable, Equatable {
  /// It is as was asked for.
  case done
  /// There is a key with this id already.
  case taken
  /// There is no key with this id.
  case missing
  /// All keys that may be kept still count; one must be revoked first.
  case full
}
