import ModelChecker
import Testing

/// A bounded search in every test run; `make check-model` goes through ten million states.
@Suite struct ModelCheckerTests {
  @Test func everyStateWithinReachKeepsTheInvariants() {
    let result = ModelChecker(mostStates: 60_000).run()
    #expect(result.finding == nil, "\(result.finding?.text ?? "")")
    #expect(result.states >= 60_000)
  }

  @Test func everySituationIsTheOneItsNameSays() {
    let expected = [
      "booting", "standby", "arming", "armed", "running", "running", "running", "running", "running",
      "stopping",
    ]
    #expect(ModelChecker.situations.map(\.state) == expected, "\(ModelChecker.situations)")
    #expect(
      ModelChecker.situations.map(\.fire) == [
        false, false, false, false, true, true, false, false, true, false,
      ])
  }

  @Test func aPlantedBugIsFoundWithAShortestTrace() {
    let result = ModelChecker(mostStates: 100_000, plant: .releaseIgnoredWhileDwelling).run()
    #expect(result.finding?.invariant == "FIRE is high though the pedal is not down")
    #expect(result.finding?.trace == ["the pedal is released"])
    #expect(result.finding?.root == "a continuous stroke, FIRE high, needle at the bottom")
  }
}
