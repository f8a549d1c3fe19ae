import CallCore
import JSON

extension CallWorld {
  func archive(to writer: inout JSONWriter) {
    if let noise { writer.object("noise", noise.archive) }
    writer.field("level", level)
    if let echo {
      writer.object("echo") { writer in
        writer.field("level", echo.level)
        writer.field("delayUs", echo.delay.microseconds)
      }
    }
    writer.field("isTelephone", isTelephone)
    writer.field("codec", codec.rawValue)
    writer.object("network") { writer in
      writer.field("lossPermille", network.lossPermille)
      writer.field("lossBurst", network.lossBurst)
      writer.field("delayUs", network.delay.microseconds)
      writer.field("jitterUs", network.jitter.microseconds)
      writer.field("duplicatePermille", network.duplicatePermille)
    }
    if let disconnectAfter { writer.field("disconnectAfterUs", disconnectAfter.microseconds) }
    writer.list("engineTroubles", engineTroubles) { writer, trouble in
      writer.object { writer in
        writer.field("engine", trouble.engine.rawValue)
        writer.field("fromTurn", trouble.fromTurn)
        if let delay = trouble.delay { writer.field("delayUs", delay.microseconds) }
      }
    }
  }

  init(archived fields: JSONFields) throws(WireFault) {
    self.init()
    noise = try fields.optionalObject("noise").map { noise throws(WireFault) in try Noise(archived: noise) }
    level = try fields.number("level")
    echo = try fields.optionalObject("echo").map { echo throws(WireFault) in
      Echo(level: try echo.number("level"), delay: try echo.exactSpan("delayUs"))
    }
    isTelephone = try fields.isSet("isTelephone")
    codec = try fields.choice("codec", of: AudioCodec.allCases)
    let line = try fields.object("network")
    network.lossPermille = try line.number("lossPermille")
    network.lossBurst = try line.number("lossBurst", or: network.lossBurst)
    network.delay = try line.exactSpan("delayUs")
    network.jitter = try line.exactSpan("jitterUs")
    network.duplicatePermille = try line.number("duplicatePermille")
    disconnectAfter = try fields.optionalSpan("disconnectAfterUs")
    engineTroubles = try fields.list("engineTroubles") { trouble throws(WireFault) in
      EngineTrouble(
        engine: try trouble.choice("engine", of: EngineTrouble.Engine.allCases),
        fromTurn: try trouble.number("fromTurn"), delay: try trouble.optionalSpan("delayUs"))
    }
  }
}

extension CallWorld.Noise {
  fileprivate func archive(to writer: inout JSONWriter) {
    switch sort {
    case .white: writer.field("sort", "white")
    case .pink: writer.field("sort", "pink")
    case .babble: writer.field("sort", "babble")
    case .recording(let file):
      writer.field("sort", "recording")
      writer.field("file", file)
    }
    writer.field("ratio", ratio)
  }

  fileprivate init(archived fields: JSONFields) throws(WireFault) {
    let name = try fields.text("sort")
    let sort: Sort
    switch name {
    case "white": sort = .white
    case "pink": sort = .pink
    case "babble": sort = .babble
    case "recording": sort = .recording(try fields.text("file"))
    default: throw fields.outOfRange("sort", "a known noise", .string(name))
    }
    self.init(sort: sort, ratio: try fields.number("ratio"))
  }
}
