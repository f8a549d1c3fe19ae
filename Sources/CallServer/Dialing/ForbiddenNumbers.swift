/// Numbers that are never dialed, whatever `VOICEFORGE_DIAL_ALLOW` says: those of emergency services and those that cost the caller more than
/// a call.
///
/// Emergency services have short codes in every country (ITU-T E.161.1 recommends 112 and 911; the others are in the national plans at
/// https://www.itu.int/oth/T0202.aspx): `PhoneNumber` takes nothing that has so few digits, and here stand those that longer numbers begin
/// with. Premium and shared-cost ranges are those of the same national plans; the list was compared with the numbers that libphonenumber's
/// metadata (2026) calls premium. Of a country that is not here no premium range is known: the allow-list decides alone.
enum ForbiddenNumbers {
  /// Digits behind the code of a country that no subscriber's number has.
  static let shortCodeMax = 5

  /// Why a number is never dialed; `nil`: nothing speaks against it here.
  static func reason(against number: PhoneNumber) -> String? {
    let (country, national) = (number.country, number.national)
    if let kind = internationalServices[country] { return "+\(country) is \(kind)" }
    if country == "1" {
      // Behind 1 all areas and exchanges have three digits: N11 are the codes of services, 911 among them, and 976 is a premium exchange.
      if national.dropFirst().hasPrefix("11") {
        return "numbers that begin with +1\(national.prefix(3)) belong to emergency and other services"
      }
      if national.dropFirst(3).hasPrefix("976") { return "the exchange 976 is a premium one" }
    }
    guard let prefix = premium[country]?.first(where: national.hasPrefix) else { return nil }
    return "numbers that begin with +\(country)\(prefix) are premium or shared-cost ones"
  }

  /// Codes of no country (ITU-T E.164, annex: "Global services").
  private static let internationalServices: [Substring: String] = [
    "808": "an international shared-cost service", "870": "satellite telephones", "878": "universal personal numbers",
    "881": "satellite telephones", "882": "international networks", "883": "international networks",
    "888": "disaster relief", "979": "the international premium-rate service",
  ]

  /// By country, what national numbers begin with.
  private static let premium: [Substring: [String]] = [
    "1": ["900"],
    // Europe
    "30": ["901", "909"], "31": ["900", "906", "909"], "32": ["70", "90"],
    "33": ["81", "82", "83", "85", "86", "88", "89"], "34": ["803", "806", "807", "901", "902", "905", "907"],
    "36": ["90", "91"], "39": ["144", "163", "164", "166", "0878", "89"], "40": ["90"], "41": ["900", "901", "906"],
    "43": ["900", "901", "930", "931", "939"], "44": ["70", "842", "843", "844", "845", "87", "90", "91", "98"],
    "45": ["90"], "46": ["649", "900", "939", "944", "99"], "47": ["820", "829"], "48": ["70"],
    "49": ["118", "137", "180", "900"], "298": ["90"], "350": ["8"],
    "351": ["601", "607", "608", "646", "648", "707", "760", "761", "762"], "352": ["90"], "353": ["15"],
    "354": ["90"], "355": ["900"], "356": ["50", "51", "52"], "357": ["900", "909"], "358": ["600", "700"],
    "359": ["90"], "370": ["90", "910"], "371": ["90"], "372": ["40", "90"], "373": ["90"], "374": ["90"],
    "375": ["810", "902"], "376": ["1", "9"], "378": ["71", "77", "78"], "380": ["90"], "381": ["78", "90"],
    "382": ["94", "95"], "383": ["90"], "385": ["60", "61", "64", "65", "69"], "386": ["89", "90"],
    "387": ["90", "92", "94", "96"], "389": ["5"], "420": ["90", "976"], "421": ["900", "97", "98"], "423": ["90"],
    // The zone of Russia, and Asia
    "7": ["803", "809"], "60": ["1600"], "62": ["809"], "65": ["1900"], "66": ["1900"], "81": ["990"], "82": ["60"],
    "84": ["1900"], "86": ["160", "168"], "90": ["888", "898", "900"], "91": ["1861", "1862"], "92": ["900"],
    "670": ["90"], "852": ["900"], "855": ["1900"], "886": ["20"], "960": ["900"], "961": ["90", "91"],
    "962": ["90"], "966": ["925"], "968": ["900"], "971": ["900"], "972": ["1200", "1212", "190", "1919", "199"],
    "973": ["87", "9"], "994": ["900"],
    // Africa
    "20": ["900"], "27": ["862", "863", "864", "865", "866", "867", "868", "869", "90", "91", "92"], "212": ["89"],
    "213": ["80"], "216": ["88"], "221": ["88"], "227": ["09"], "230": ["30"], "231": ["332"], "236": ["8776"],
    "240": ["90"], "242": ["80"], "248": ["85"], "250": ["900"], "254": ["900"], "255": ["90"], "256": ["90"],
    "262": ["81", "82", "89"], "264": ["8701"], "267": ["90"], "268": ["900"], "269": ["8"],
    // America besides 1
    "51": ["805"], "52": ["900"], "54": ["600", "604", "605", "607", "609"], "55": ["500", "900"],
    "57": ["1900", "1901", "1947", "1948", "901"], "58": ["900", "901"], "297": ["900"], "502": ["19"],
    "503": ["900"], "506": ["90"], "507": ["822", "855", "86", "877", "878", "886", "900", "981"],
    "508": ["81", "82", "89"], "590": ["81", "82", "89"], "592": ["9008"], "594": ["81", "82", "89"],
    "596": ["81", "82", "89"], "597": ["90"], "598": ["90"],
    // Oceania
    "61": ["190"], "64": ["1", "50", "90"], "687": ["36"],
  ]
}
