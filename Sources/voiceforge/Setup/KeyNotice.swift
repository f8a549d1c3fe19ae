/// What a server that starts says about keys.
struct KeyNotice {
  let asksForKeys: Bool
  /// Whether keys are there after a restart.
  let isLasting: Bool

  /// One line, or two.
  var text: String {
    let now =
      asksForKeys
      ? "Requests need a key."
      : "No key is asked for: whoever reaches this address from this machine may use everything."
    let later =
      isLasting
      ? ""
      : " Keys made with `voiceforge keys create` are kept in memory and end with this server; VOICE_API_KEY comes back."
    return "voiceforge: " + now + later
  }
}
