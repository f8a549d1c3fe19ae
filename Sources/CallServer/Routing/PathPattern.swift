import JSON

/// The path of a route: parts that stand as they are, and parameters in braces, such as `/api/calls/{id}/recording`.
struct PathPattern: Sendable {
  /// What stands between two slashes.
  enum Part: Sendable {
    case literal(String)
    case parameter(PathParameter)
  }

  let text: String
  let parts: [Part]

  /// - Precondition: every name in braces is a `PathParameter`, and one that takes the rest of the path stands at its end.
  init(_ text: String) {
    self.text = text
    parts = text.split(separator: "/").map { part in
      guard part.first == "{" else { return .literal(String(part)) }
      guard let parameter = PathParameter(rawValue: String(part.dropFirst().dropLast())) else {
        preconditionFailure("\(text): \(part) is no PathParameter")
      }
      return .parameter(parameter)
    }
  }

  var parameters: [PathParameter] {
    parts.compactMap { if case .parameter(let parameter) = $0 { parameter } else { nil } }
  }

  /// - Parameter path: one that fits, in its parts.
  func arguments(in path: [String]) -> [PathParameter: String] {
    var arguments: [PathParameter: String] = [:]
    for (index, part) in parts.enumerated() {
      guard case .parameter(let parameter) = part else { continue }
      arguments[parameter] = parameter.value(of: parameter.takesRest ? path[index...] : path[index...index])
    }
    return arguments
  }
}

/// What a path may hold in braces.
package enum PathParameter: String, Sendable {
  case id, flow, version, voice, model, token, provider, number
  case testCase = "case"

  /// Ids of models and test cases have slashes: they are one part of the path or more, up to its end.
  var takesRest: Bool { self == .model || self == .testCase }

  fileprivate func value(of parts: ArraySlice<String>) -> String {
    let text = parts.joined(separator: "/")
    // A plus sign in a path arrives as a blank, and ids of voices have such signs, but no blanks.
    return self == .voice || self == .number ? text.replacing(" ", with: "+") : text
  }

  /// What the OpenAPI document says of it.
  var described: (schema: APISchema, about: String) {
    switch self {
    case .id: (.text(1...100, pattern: "^[A-Za-z0-9._-]+$"), "Its id.")
    case .flow: (.text(1...60, pattern: "^[a-z][a-z0-9-]*$").example(.string("appointment")), "Name of the flow.")
    case .token: (.text(1...200), "A call token, as `POST /api/call-tokens` gives it.")
    case .number:
      (
        .text(7...16, pattern: "^\\+[1-9][0-9]{6,14}$").example(.string("+15550100")),
        "A telephone number as E.164 has it."
      )
    case .provider:
      (.text(1...40, pattern: "^[a-z]+$").example(.string("twilio")), "Name of the telephone provider.")
    case .version: (.whole(1...999_999_999), "Number of the version.")
    case .voice: (.text(1...128, pattern: "^[A-Za-z0-9+:_-]+$").example(.string("heart")), "Id of the voice.")
    case .model:
      (
        .text(1...100, pattern: "^[A-Za-z0-9_-]+$").example(.string("hibari")),
        "Id of the model. Slashes stand in it as they are."
      )
    case .testCase:
      (
        .text(1...100, pattern: "^[A-Za-z0-9_-]+$").example(.string("appointment_hours")),
        "Id of the case. Slashes stand in it as they are."
      )
    }
  }
}
