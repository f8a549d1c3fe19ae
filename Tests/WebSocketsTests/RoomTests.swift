import Testing

/// All tests of this module, one after another: they measure time on real sockets, and the machine has few cores.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct RoomTests {}
