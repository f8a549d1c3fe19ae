import CYAML

/// One event of libyaml as a value of its own.
struct YAMLEvent {
  let kind: yaml_event_type_t
  let place: FilePlace
  /// Of a scalar; empty otherwise.
  private(set) var text = ""
  /// Whether a scalar stands without quotes.
  private(set) var isPlain = false
  /// Whether it has a name that an alias could refer to.
  private(set) var isAnchored = false

  /// Copies what is needed, so that `event` can be deleted.
  init(_ event: yaml_event_t) {
    kind = event.type
    place = FilePlace(line: event.start_mark.line + 1, column: event.start_mark.column + 1)
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      isAnchored = scalar.anchor != nil
    case YAML_SEQUENCE_START_EVENT: isAnchored = event.data.sequence_start.anchor != nil
    case YAML_MAPPING_START_EVENT: isAnchored = event.data.mapping_start.anchor != nil
    default: break
    }
  }
}
