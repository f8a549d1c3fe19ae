import Testing

/// One after the other: they share a database that some of them stop.
@Suite(.serialized)
enum DatabaseTests {}
