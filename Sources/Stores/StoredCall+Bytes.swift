import CallCore
import CallDriver

extension StoredCall {
  /// What a call takes, by estimate: 200 bytes for each entry beside its texts, and the recording's packets.
  var estimatedBytes: Int {
    let texts = record.transcript.reduce(0) { $0 + $1.text.utf8.count + $1.playedText.utf8.count + 200 }
    let events = record.timeline.reduce(0) { $0 + $1.detail.utf8.count + 100 }
    let notes = [record.slots, record.metadata].joined()
      .reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 100 }
    return 1000 + texts + events + notes + record.turnLatencies.count * 56 + (recording?.byteCount ?? 0)
  }
}
