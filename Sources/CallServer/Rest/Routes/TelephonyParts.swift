import JSON

/// What the routes of telephone accounts, numbers, calls and campaigns have in common.
extension APISchema {
  /// A telephone number.
  static let phoneNumber = APISchema.text(7...16, pattern: "^\\+[1-9][0-9]{6,14}$")
    .about("As E.164 has it.").example(.string("+15550100"))

  /// The name of a flow.
  /// - Parameter verb: what it does on the call.
  static func flowName(that verb: String) -> APISchema {
    .keptText(0...128).about("Name of the flow that \(verb); the server's own, if absent.")
  }

  /// What the predecessor answers when something was deleted.
  static let success = APISchema.object(["success": .flag])
}

extension APIResponse {
  static let notJSON = APIResponse.problem(400, "The body is not JSON.")
  static let wrongMember = APIResponse.problem(422, "A member is wrong.")
  /// A server without the stores.
  static let noTelephony = APIResponse.problem(404, "A server that keeps nothing for telephone calls.")

  /// Another key's one is not there.
  static func noneOfKey(_ what: String) -> APIResponse {
    .problem(404, "No such \(what) of this key, or a server without any.")
  }
}

extension APIBody {
  /// What Twilio posts.
  static func twilioForm(_ about: String) -> APIBody {
    APIBody(
      content: ["application/x-www-form-urlencoded": .texts], about: about, bytesMax: 16_384, isRequired: false)
  }
}
