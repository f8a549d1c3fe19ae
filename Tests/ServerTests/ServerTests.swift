import Testing

/// A real server on a real socket with the real engines. One test at a time: most of them measure, and two cores are few.
@Suite("A server on a real socket", .serialized)
enum ServerTests {}
