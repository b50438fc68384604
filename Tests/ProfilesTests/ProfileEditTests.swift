import NeedleSafety
import Testing
import Units

@testable import Profiles

/// Changes of single fields, as `profile set` makes them.
@Suite struct ProfileEditTests {
  private static let written = """
    # The front rows.
    schema: 1
    profile: needle
    name: soft
    description: "For # tests"   # a remark
    mode: dot
    rate: 100 Hz      # what this machine likes
    depth: '0.5 mm'   # shallow: thin skin
    dwell: 2 ms
    strokes_per_dot: 2   # light
    dot_rate: 2 Hz
    cartridges: [1rl-025]
    zones: [hairline]
    # The end.
    """

  private func surroundings() throws -> NeedleSurroundings {
    try NeedleText.surroundings(machine: try MachineText.decode())
  }

  private func changed(_ text: String = written, _ changes: String...) throws -> String? {
    NeedleProfile.text(
      text, named: "soft", changing: try changes.map { try NeedleChange($0) }, in: try surroundings())
  }

  private func decode(_ text: String) throws -> Decoded<NeedleProfile> {
    NeedleProfile.decode(ProfileSource(file: "soft.yaml", text: text), in: try surroundings())
  }

  @Test func oneValueIsReplacedAndEverythingElseStaysAsItWasWritten() throws {
    let text = try #require(try changed(Self.written, "depth=450um"))
    #expect(text == Self.written.replacing("'0.5 mm'", with: "0.45 mm"), "in the unit it is shown in")
    #expect(try changed(Self.written, "rate=95Hz") == Self.written.replacing("100 Hz", with: "95 Hz"))
    #expect(
      try changed(Self.written, "strokes-per-dot=3", "dot_rate=150 per minute")
        == Self.written.replacing("strokes_per_dot: 2", with: "strokes_per_dot: 3")
        .replacing("dot_rate: 2 Hz", with: "dot_rate: 2.5 Hz"))
    #expect(
      try changed(Self.written, "dot_rate=none")
        == Self.written.replacing("dot_rate: 2 Hz", with: "dot_rate: none"))
  }

  @Test func aModeTakesItsFieldsWithIt() throws {
    let continuous = try #require(try changed(Self.written, "mode=continuous"))
    #expect(
      continuous
        == Self.written.replacing("mode: dot", with: "mode: continuous")
        .replacing("strokes_per_dot: 2   # light\n", with: "").replacing("dot_rate: 2 Hz\n", with: ""))
    let dots = try #require(try changed(continuous, "mode=dot", "strokes_per_dot=1", "dot_rate=3Hz"))
    let profile = try #require(try decode(dots).profile)
    #expect(profile.settings.mode == .dot)
    #expect(profile.settings.strokesPerDot == 1)
    #expect(profile.settings.dotRate == .hertz(3))
    #expect(dots.contains("# The end."))
  }

  @Test func aRefusedValueStaysAsItWasTypedSoThatTheProblemPointsAtIt() throws {
    let text = try #require(try changed(Self.written, "depth=900um"))
    let problem = try #require(try decode(text).errors.first)
    #expect(
      problem.message == "'depth' 0.9 mm is above the ceiling 0.8 mm for hairline (cartridge '1rl-025')")
    #expect(problem.line == 8)
    #expect(problem.source == "depth: 900um   # shallow: thin skin")
    let unitless = try #require(try changed(Self.written, "rate=95"))
    #expect(
      try decode(unitless).errors.map(\.message) == [
        "'rate': '95' has no unit; expected a rate such as 90 Hz"
      ])
  }

  @Test(arguments: [
    "1 Hz\", x: \"", "90 Hz # fast", "90 Hz\nbench: true", "[1, 2]", "*a", "&a 90 Hz", "!!str 90 Hz", "'",
    "\\",
  ])
  func noValueBecomesYamlOfItsOwn(value: String) throws {
    let text = try #require(try changed(Self.written, "rate=" + value))
    let decoded = try decode(text)
    #expect(decoded.profile == nil)
    #expect(
      !decoded.errors.isEmpty && decoded.errors.allSatisfy { $0.line == 7 },
      "\(decoded.errors.map(\.description))")
  }

  @Test func whateverIsTypedChangesTheOneFieldOrIsRefused() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "90", " Hz", "/min", "#", " #", ":", ": ", "\n", "\t", "'", "\"", "\\", "[", "]", "{", "}", "&a ", "*a",
      "!!str ", "- ", "? ",
      "|", ">", "%", "µ", "²", "\u{2028}", "none", "bench: true", "depth: 9 mm", "---",
    ]
    let plain = try #require(try decode(Self.written).profile)
    var accepted = 0
    for _ in 1...2_000 {
      let rest = (0...Int.random(in: 0...3, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      let value = (Bool.random(using: &random) ? "80" : "") + rest.joined()
      let change = NeedleChange(field: "rate", value: value)
      let text = NeedleProfile.text(
        Self.written, named: "soft", changing: [change], in: try surroundings())
      guard let text, let profile = try decode(text).profile else { continue }
      accepted += 1
      let differences = profile.differences(from: plain, in: try surroundings())
      #expect(differences.allSatisfy { $0.field == "rate" }, "seed \(seed), value \(value.debugDescription)")
      #expect(profile.settings.depth == plain.settings.depth && !profile.isBench, "seed \(seed)")
    }
    #expect(accepted > 0, "seed \(seed): nothing was accepted, so nothing was shown")
  }

  @Test func anUnknownFieldNamesTheNearestOne() throws {
    #expect(
      throws: QuantityProblem(
        "'dpeth' is not one of mode, rate, depth, dwell, strokes_per_dot, dot_rate; did you mean 'depth'?")
    ) {
      try NeedleChange("dpeth=1mm")
    }
    #expect(throws: QuantityProblem("'depth' is not a change; expected field=value such as depth=0.5mm")) {
      try NeedleChange("depth")
    }
  }

  @Test func aMisspeltKeyIsOneProblemAtItsPlaceAndNotTwo() throws {
    let decoded = try decode(Self.written.replacing("rate: 100 Hz", with: "raet: 100 Hz"))
    #expect(decoded.errors.map(\.headline) == ["soft.yaml:7:1: unknown key 'raet'; did you mean 'rate'?"])
    let gone = try decode(Self.written.replacing("rate: 100 Hz      # what this machine likes\n", with: ""))
    #expect(gone.errors.map(\.message) == ["missing key 'rate'; expected a rate such as 90 Hz"])
  }

  @Test func whatDiffersIsShownInOneUnitBesideTheCeilingAndWhoseItIs() throws {
    let old = try #require(try decode(Self.written).profile)
    let text = try #require(try changed(Self.written, "depth=600um", "rate=5400/min", "mode=continuous"))
    let new = try #require(try decode(text).profile)
    let differences = new.differences(from: old, in: try surroundings())
    #expect(
      differences.map { "\($0) [\($0.ceiling ?? "-") \($0.ceilingSource ?? "-")]" } == [
        "mode dot → continuous [- -]", "rate 100 Hz → 90 Hz [140 Hz cartridge '1rl-025']",
        "depth 0.5 mm → 0.6 mm [0.8 mm cartridge '1rl-025']", "strokes_per_dot 2 → none [- -]",
        "dot_rate 2 Hz → none [- -]",
      ])
    #expect(old.differences(from: old, in: try surroundings()).isEmpty)
  }

  @Test(arguments: [
    ("95 Hz", 95_000), ("95hz", 95_000), ("0.095 kHz", 95_000), ("95/s", 95_000), ("95 per second", 95_000),
    ("5700/min", 95_000), ("5700 per minute", 95_000), ("5700 rpm", 95_000), ("95.5 1/s", 95_500),
  ])
  func aRateInAnySensibleUnit(text: String, millihertz: Int32) throws {
    #expect(try Quantity.read(text, as: Millihertz.self) == Millihertz(millihertz))
  }

  @Test func aRateThatIsNoWholeMillihertzIsRefusedNotRounded() throws {
    #expect(
      throws: QuantityProblem("'5431/min' is not a whole number of 1 mHz; expected a rate such as 90 Hz")
    ) {
      try Quantity.read("5431/min", as: Millihertz.self)
    }
  }

  @Test(arguments: [("0.5mm", 500), ("500 um", 500), ("500µm", 500), ("500 microns", 500), ("0.05 cm", 500)])
  func aDepthInAnySensibleUnit(text: String, micrometres: Int32) throws {
    #expect(try Quantity.read(text, as: Micrometres.self) == Micrometres(micrometres))
  }

  @Test(arguments: [
    ("2ms", 2_000_000), ("2000 us", 2_000_000), ("0.002 s", 2_000_000), ("1 minute", 60_000_000_000),
  ])
  func aTimeInAnySensibleUnit(text: String, nanoseconds: Int64) throws {
    #expect(try Quantity.read(text, as: Nanoseconds.self) == Nanoseconds(nanoseconds))
  }
}
