import CallCore

/// How an intent sounds, without what follows from it.
struct IntentSound {
  var patterns: [UtterancePattern] = []
  var keys: String?
  var place: FilePlace
}
