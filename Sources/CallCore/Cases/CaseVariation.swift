/// What is different in each attempt of a case, so that repeating it tells more than the same call with other luck.
public struct CaseVariation: Sendable, Equatable {
  /// How the values of an attempt are chosen. The raw values stand in case files.
  public enum Choice: String, Sendable, CaseIterable {
    /// Each on its own, by luck, from the call's seed.
    case drawn = "random"
    /// One row after the other, in which any two values of two properties meet at least once.
    case pairs
    /// Every combination, one after the other.
    case all
  }

  /// What can vary. The raw values are keys of case files.
  public enum Property: String, Sendable, CaseIterable {
    /// A caller of the library: all of `caller`, `disfluency` and `world`. First, so that the others stand over it.
    case caller
    case voice, rate, pitch, noise, level, echo, telephone, network
  }

  /// One value of a property.
  public struct Value: Sendable, Equatable {
    /// As it was written, for people: `heart-low`, `sort babble, snr 25`.
    public var label: String
    /// Holds the value, where the property is the caller's; else at its default.
    public var caller = CallerProfile()
    /// Holds the value, where the property is the world's.
    public var world = CallWorld()
    /// Of a caller of the library; `nil` where that does not vary.
    public var disfluency: DisfluencyRates?

    package init(label: String) { self.label = label }
  }

  /// A property and what it can be.
  public struct Values: Sendable, Equatable {
    /// Which.
    public var property: Property
    /// At least one.
    public var values: [Value]

    package init(_ property: Property, _ values: [Value]) { (self.property, self.values) = (property, values) }
  }

  /// How an attempt's values are chosen.
  public var choice: Choice
  /// Each property once.
  public var properties: [Values]

  package init(_ choice: Choice, _ properties: [Values]) { (self.choice, self.properties) = (choice, properties) }

  /// Most combinations of one case.
  public static let combinationsMax = 10_000

  /// As many as there are.
  public var combinations: Int { properties.reduce(1) { $0 * max($1.values.count, 1) } }

  /// Those that have values: a stored case may have others.
  var varying: [Values] { properties.filter { !$0.values.isEmpty } }
}

/// What one attempt of a case was given.
public struct VariedValue: Sendable, Hashable {
  /// Which property.
  public var property: CaseVariation.Property
  /// Its value, for people.
  public var label: String

  package init(property: CaseVariation.Property, label: String) { (self.property, self.label) = (property, label) }
}

extension TestCase {
  /// With one value of each varied property.
  /// - Parameter places: of the values, in the order of the properties.
  public func varied(by places: [Int]) -> TestCase {
    guard let vary else { return self }
    var testCase = self
    testCase.varied = []
    for (values, place) in zip(vary.varying, places) where values.values.indices.contains(place) {
      let value = values.values[place]
      values.property.copy(from: value, to: &testCase)
      testCase.varied.append(VariedValue(property: values.property, label: value.label))
    }
    return testCase
  }
}

extension CaseVariation.Property {
  fileprivate func copy(from value: CaseVariation.Value, to testCase: inout TestCase) {
    switch self {
    case .caller:
      testCase.caller = value.caller
      testCase.world = value.world
      testCase.disfluency = value.disfluency ?? testCase.disfluency
    case .voice: testCase.caller.voice = value.caller.voice
    case .rate: testCase.caller.style.ratePercent = value.caller.style.ratePercent
    case .pitch: testCase.caller.style.pitchPercent = value.caller.style.pitchPercent
    case .noise: testCase.world.noise = value.world.noise
    case .level: testCase.world.level = value.world.level
    case .echo: testCase.world.echo = value.world.echo
    case .telephone: testCase.world.isTelephone = value.world.isTelephone
    case .network: testCase.world.network = value.world.network
    }
  }
}
