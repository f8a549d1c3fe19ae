/// What Twilio wants to be shown: an account, and its token or an API key of it.
struct TwilioCredentials: Sendable {
  /// What is missing or wrong. Says nothing of what came.
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  /// `AC…`; stands in the paths of its REST API.
  let accountSID: String
  /// The account or a key of it.
  let user: String
  /// The token or the key's secret.
  let password: String
  /// Signs the webhooks; `nil` where only a key was given.
  let authToken: String?

  init(_ credentials: [String: String]) throws(Fault) {
    let account = credentials["accountSid"] ?? credentials["account_sid"] ?? ""
    guard Self.isSID(account, "AC") else {
      throw Fault(
        description: "provider.credentials.accountSid: expected the SID of a Twilio account, AC and letters or digits")
    }
    accountSID = account
    authToken = credentials["authToken"] ?? credentials["auth_token"]
    if let key = credentials["apiKeySid"] ?? credentials["api_key_sid"] {
      guard Self.isSID(key, "SK"), let secret = credentials["apiKeySecret"] ?? credentials["api_key_secret"] else {
        throw Fault(
          description: "provider.credentials: expected apiKeySid, SK and letters or digits, together with apiKeySecret")
      }
      (user, password) = (key, secret)
    } else if let authToken {
      (user, password) = (account, authToken)
    } else {
      throw Fault(description: "provider.credentials: expected authToken, or apiKeySid and apiKeySecret")
    }
  }

  /// SIDs have 34 characters; doubles in tests have fewer.
  private static func isSID(_ text: String, _ prefix: String) -> Bool {
    text.hasPrefix(prefix) && (4...64).contains(text.utf8.count)
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  /// As the REST API's client takes it.
  func account(baseURL: String) -> TwilioAccount {
    var account = TwilioAccount(sid: accountSID, token: password)
    (account.user, account.baseURL) = (user, baseURL)
    return account
  }
}
