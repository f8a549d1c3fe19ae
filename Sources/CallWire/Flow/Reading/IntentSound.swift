import CallCore

/// How an intent sounds, without what follows from it.
struct IntentSound {
  var patterns: [HeardPattern] = []
  var keys: String?
  var place: FilePlace
}
