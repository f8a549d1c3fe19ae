/// The words that the rules of `AmericanSpelling` are about, and those that have no rule.
enum SpellingTable {
  /// Before `our` that is `or`, without a prefix such as `dis`.
  static let orStems = set(
    """
    arb ard arm behavi belab cand clam clang col demean discol enam endeav fav ferv flav harb hon hum lab neighb od parl ranc
    rig rum sav savi splend succ tum val vap vig
    """)

  /// Before `re` that is `er`.
  static let reStems = [
    "theat", "cent", "lit", "met", "calib", "fib", "lust", "mit", "sab", "somb", "spect", "meag", "sepulch", "goit",
    "scept", "louv", "nit",
    "och", "maneuv", "reconnoit", "saltpet",
  ]

  /// At the end of what stands before a doubled l.
  static let lStems = [
    "trave", "cance", "mode", "labe", "leve", "fue", "dia", "signa", "tota", "marve", "quarre", "counse", "tunne",
    "channe",
    "jewe", "chise", "crue", "cudge", "bedevi", "drive", "due", "ename", "equa", "funne", "gambo", "grave", "grove",
    "grue",
    "initia", "kenne", "libe", "marsha", "meta", "pane", "parce", "peda", "penci", "rave", "reve", "riva", "shove",
    "shrive",
    "snive", "snorke", "spira", "squirre", "stenci", "swive", "tasse", "towe", "tria", "tramme", "wease", "woo", "yode",
    "beve",
    "bowe", "imperi", "counci", "caro", "cavi", "disheve", "pumme", "tranqui", "victua",
  ]

  /// Vowels of Greek and Latin that are one letter in American words.
  static let vowelStems = [
    "anaesth", "anaem", "paediat", "paedoph", "paedera", "orthopaed", "encyclopaed", "haemo", "haema", "leukaem",
    "gynaec",
    "caesarea", "oesoph", "oestro", "foet", "faec", "diarrhoea", "gonorrhoea", "archaeolog", "palaeo", "mediaev",
    "primaev",
    "aesthet", "aetiol", "homoeo", "toxaem", "aeon", "praesid", "pharmacopoeia", "chimaera", "manoeuv", "oedem",
    "bougainvillaea",
  ]

  /// Whether `ise` behind `stem` keeps its s: `advertise`, `exercise`, `promise`.
  static func keepsS(_ stem: Substring) -> Bool { sEndings.contains(where: stem.hasSuffix) }

  private static let sEndings = [
    "advert", "adv", "compr", "comprom", "desp", "dev", "exc", "exerc", "franch", "improv", "inc", "circumc",
    "merchand",
    "prem", "prom", "prec", "conc", "rev", "superv", "surm", "surpr", "telev", "enterpr", "expert", "dem", "chast",
    "parad",
    "treat", "erw", "kew", "ckw", "thw", "gew", "pract", "no", "po", "quo", "porpo", "torto", "anch", "appr", "repr",
    "pra", "den", "sunr", "upr", "nco",
  ]

  /// Of words that begin so, the beginning in American spelling, by its first four letters.
  static let beginnings: [String: [(british: String, american: String)]] = {
    var table: [String: [(british: String, american: String)]] = [:]
    for (british, american) in pairs(
      """
      aeroplane:airplane almanack:almanac aluminium:aluminum artefact:artifact bannister:banister baulk:balk behove:behoove
      cheque:check chequer:checker clarinettist:clarinetist connexion:connection cypher:cipher defence:defense draught:draft
      epaulette:epaulet flautist:flutist gaol:jail grey:gray greyhound:greyhound groyne:groin gryphon:griffin inflexion:inflection
      instalment:installment jewellery:jewelry judgement:judgment licence:license licencing:licensing likeable:likable
      minibusses:minibuses moult:molt mould:mold remould:remold smoulder:smolder moustach:mustach offence:offense omelette:omelet
      phoney:phony plough:plow snowplough:snowplow pouffe:pouf practis:practic pretence:pretense pyjama:pajama sceptic:skeptic
      sheikh:sheik sulph:sulf syphon:siphon videodisc:videodisk waggon:wagon worshipp:worship yoghourt:yogurt yoghurt:yogurt
      fulfilment:fulfillment skilful:skillful wilful:willful woollen:woolen woolli:wooli woolly:wooly philtre:filter accoutrement:accouterment
      calliper:caliper callisthen:calisthen fillet:filet tranquillis:tranquiliz tranquilliz:tranquiliz
      tranquillit:tranquilit bingeing:binging glueing:gluing
      """)
    { table[String(british.prefix(4)), default: []].append((british, american)) }
    return table.mapValues { $0.sorted { $0.british.utf8.count > $1.british.utf8.count } }
  }()

  /// Whole words without a rule.
  static let words = Dictionary(
    uniqueKeysWithValues: pairs(
      """
      ageing:aging glamor:glamour travelog:travelogue travelogs:travelogues appal:appall appals:appalls axe:ax biassed:biased biassing:biasing busses:buses bussing:busing cosy:cozy
      cosier:cozier cosiest:coziest cosily:cozily cosiness:coziness cosies:cozies disc:disk discs:disks distil:distill
      distils:distills enrol:enroll enrols:enrolls enthral:enthrall enthrals:enthralls fulfil:fulfill fulfils:fulfills gasses:gases
      gipsies:gypsies instal:install instals:installs instil:instill instils:instills misspelt:misspelled chilli:chili chillis:chilis storey:story
      storeys:stories tonne:ton tonnes:tons tranquilly:tranquility tyre:tire tyres:tires bevvies:bevies bevvy:bevy
      """))

  private static func set(_ list: String) -> Set<String> {
    Set(list.split { $0 == " " || $0 == "\n" }.map(String.init))
  }

  private static func pairs(_ list: String) -> [(String, String)] {
    list.split { $0 == " " || $0 == "\n" }.map { pair in
      let parts = pair.split(separator: ":")
      return (String(parts[0]), String(parts[1]))
    }
  }
}
