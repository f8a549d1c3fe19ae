import CallCore
import CallServer
import Testing
import Wires

/// Which numbers may be dialed, and how often. Nothing here waits.
@Suite("Rules of dialing")
struct DialRulesTests {
  @Test(
    "what is no number of E.164 is refused with what would be one",
    arguments: [
      ("", "begins with +"), ("15550100", "begins with +"), ("0049301234567", "begins with +"), ("911", "never dialed"),
      ("112", "never dialed"), ("110", "never dialed"), ("+1911", "never dialed"), ("+44999", "never dialed"),
      ("+49112", "never dialed"), ("+6700", "never dialed"), ("+", "begins with 1 to 9"),
      ("+0301234567", "begins with 1 to 9"),
      ("+1 555 0100", "digits alone"), ("+1-555-0100", "digits alone"), ("+1(555)0100", "digits alone"),
      ("+1555010a", "digits alone"), ("+１５５５０１００", "digits alone"), ("+1555012345678901", "at most 15"),
      ("sip:agent@desk.example", "begins with +"), ("+1555\u{0}0100", "digits alone"),
    ])
  func noNumber(text: String, expected: String) {
    let fault = #expect(throws: PhoneNumber.Fault.self) { try PhoneNumber(text) }
    #expect(fault?.text.contains(expected) == true, "\(text): \(fault?.text ?? "")")
  }

  @Test("a long text is not repeated whole")
  func longText() {
    let fault = #expect(throws: PhoneNumber.Fault.self) { try PhoneNumber(String(repeating: "9", count: 10_000)) }
    #expect((fault?.text.count ?? .max) < 200)
  }

  /// Numbers that libphonenumber 9 gives as examples of premium ones, and others of the ranges that regulators name.
  @Test(
    "premium numbers, numbers of services and of no country are never dialed, whatever is allowed",
    arguments: [
      "+19002345678", "+12129762345", "+19112345678", "+14112345678", "+78091234567", "+209001234567", "+27862345678",
      "+309091234567", "+319061234567", "+3290012345", "+33891123456", "+34803123456", "+3690123456", "+39899123456",
      "+40900123456", "+41900123456", "+43900123456", "+449012345678", "+448712345678", "+447012345678", "+4590123456",
      "+469001234567", "+4782012345", "+48701234567", "+499001234567", "+491371234567", "+5180512345", "+529001234567",
      "+546001234567", "+55900123456", "+5719001234567", "+589001234567", "+601600123456", "+611900123456",
      "+628091234567", "+64900123456", "+6519001234567", "+661900123456", "+81990123456", "+82602345678", "+8419001234",
      "+8616812345", "+909001234567", "+911861123456789", "+9290012345", "+212891234567", "+213808123456",
      "+21688123456", "+221884123456", "+22709123456", "+2303012345", "+231332021234", "+240900123456", "+2488512345",
      "+250900123456", "+255900123456", "+262891123456", "+264870123456", "+2679012345", "+26890001234", "+2979001234",
      "+351760123456", "+35290012345", "+3531520123456", "+3549001234", "+35550037123".replacing("355", with: "356"),
      "+35790012345", "+358600123456", "+35990123456", "+37090012345", "+37190123456", "+3729001234", "+37390012345",
      "+37490012345", "+3759021234567", "+380900212345", "+38190012345", "+38294515151", "+38390001234", "+3856001234",
      "+38690123456", "+38790123456", "+38950012345", "+420900123456", "+421900123456", "+4239002222",
      "+50219001112222",
      "+5039001234", "+5069001234567", "+5078601234", "+508810123456", "+590810123456", "+594890123456", "+5979012345",
      "+5989001234", "+6709012345", "+85290012345678", "+8551900123456", "+886203123456", "+9609001234567",
      "+96190123456", "+96290012345", "+966925012345", "+96890012345", "+971900234567", "+9721919123456",
      "+97390123456",
      "+994900200123", "+979123456789", "+881612345678", "+882161234567", "+870773123456", "+878101234567",
    ])
  func forbidden(text: String) throws {
    let rules = try DialRules(text.prefix(2).description)
    let refusal = rules.refusal(of: try PhoneNumber(text))
    #expect(refusal?.contains("never dialed") == true, "\(text): \(refusal ?? "it would be dialed")")
  }

  @Test(
    "numbers of subscribers are dialed where a prefix allows them",
    arguments: [
      "+15550100", "+12125550100", "+442079460000", "+447700900000", "+493012345678", "+4915112345678", "+33140123456",
      "+34911234567", "+390612345678", "+81312345678", "+8613812345678", "+551123456789", "+353861234567",
      "+6831234567",
    ])
  func dialed(text: String) throws {
    let number = try PhoneNumber(text)
    #expect(try DialRules("+1,+4 +3\n+8 +5 +6").refusal(of: number) == nil)
    #expect(DialRules().refusal(of: number)?.contains("dialing is off") == true)
    #expect(try DialRules("+7").refusal(of: number)?.contains("none of the prefixes") == true)
    #expect(number.text == text)
  }

  @Test(
    "what is no prefix is named", arguments: ["1555", "+", "+0", "+15a", "+1234567890123456", "*", "+1555;+49", "++1"])
  func noPrefix(text: String) throws {
    #expect(throws: DialRules.Fault.self) { try DialRules("+1 \(text)") }
    #expect(throws: DialRules.Fault.self) {
      try DialRules((0...DialRules.prefixesMax).map { "+1\($0)" }.joined(separator: ","))
    }
  }

  @Test("what a call lacks is told before anything is loaded: all settings at once, then the number that is shown")
  func missing() throws {
    var settings = DialSettings()
    func fault(from: String? = nil, publicURL: String? = "https://voice.example", to: String = "+15550100") -> String {
      do throws(PhoneCallFault) {
        let numbers = try settings.numbers(to: to, from: from, publicURL: publicURL)
        return "\(numbers.to.text) from \(numbers.from.text)"
      } catch { return error.text }
    }
    #expect(
      fault(publicURL: nil).contains(
        "set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, VOICEFORGE_PUBLIC_URL, VOICEFORGE_DIAL_ALLOW and start again"))
    settings.account = TwilioAccount(sid: "AC1", token: "secret-token")
    settings.rules = try DialRules("+1555")
    #expect(fault(publicURL: nil).contains("set VOICEFORGE_PUBLIC_URL and start again"))
    #expect(fault().contains("give --from, or set TWILIO_FROM_NUMBER"))
    #expect(fault(from: "0049301234567").contains("begins with +"))
    #expect(fault(from: "+15550199", to: "15550100").contains("begins with +"))
    #expect(fault(from: "+15550199", to: "+442079460000").contains("none of the prefixes"))
    #expect(fault(from: "+15550199") == "+15550100 from +15550199")
    settings.from = "+15550111"
    #expect(fault() == "+15550100 from +15550111")
  }

  @Test("a key has so many calls a minute and so many a day of UTC, and others have their own")
  func budget() throws {
    var limits = DialLimits()
    (limits.perMinute, limits.perDay) = (2, 3)
    var budget = DialBudget(limits)
    let evening: Int64 = 19_999 * 86_400 + 86_000
    try budget.use("a", at: .zero, unixSeconds: evening)
    try budget.use("a", at: .zero, unixSeconds: evening)
    #expect(throws: DialBudget.Refusal.minute(retryAfterSeconds: 30)) {
      try budget.use("a", at: .zero, unixSeconds: evening)
    }
    try budget.use("b", at: .zero, unixSeconds: evening)
    try budget.use("a", at: .zero + .seconds(30), unixSeconds: evening + 30)
    #expect(throws: DialBudget.Refusal.day(retryAfterSeconds: 340)) {
      try budget.use("a", at: .zero + .seconds(60), unixSeconds: evening + 60)
    }
    try budget.use("a", at: .zero + .seconds(400), unixSeconds: evening + 400)
  }
}
