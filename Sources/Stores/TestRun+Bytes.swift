import CallCore

extension TestRun {
  /// What a run takes, by estimate: 200 bytes for each entry beside its texts.
  var estimatedBytes: Int {
    let lines = transcript.reduce(0) { $0 + $1.text.utf8.count + 200 }
    let notes = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 100 }
    var bytes = 1000 + lines + notes + [id, testID, provider].joined().utf8.count
    guard let evaluation else { return bytes }
    bytes += evaluation.summary.utf8.count + evaluation.failures.reduce(0) { $0 + $1.utf8.count + 200 }
    for step in evaluation.steps {
      let texts = [step.expectedInput, step.actualInput, step.reply, step.details] + step.keywords
      bytes += texts.reduce(400) { $0 + $1.utf8.count + 16 }
    }
    return bytes
  }
}
