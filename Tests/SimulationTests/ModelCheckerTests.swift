import ModelChecker
import Testing

/// A bounded search in every test run; `make check-model` goes through ten million states.
@Suite struct ModelCheckerTests {
  @Test func everyStateWithinReachKeepsTheInvariants() {
    let result = ModelChecker(mostStates: 60_000).run()
    #expect(result.finding == nil, "\(result.finding?.text ?? "")")
    #expect(result.states >= 60_000)
    let idle = ModelInvariant.allCases.filter { result.judged[Int($0.rawValue)] == 0 }
    #expect(idle.isEmpty, "an invariant that had nothing to judge proves nothing: \(idle)")
  }

  @Test func everySituationIsTheOneItsNameSays() {
    let found = ModelChecker.situations.map { "\($0.state)\($0.fire ? ", FIRE high" : ""): \($0.name)" }
    let expected = """
      booting: power-up
      standby: standby, everything ready
      arming: arming, torque rising
      armed: armed, continuous
      armed: armed, the pedal just down, a stroke about to start
      running, FIRE high: a continuous stroke, FIRE high, needle home still
      running, FIRE high: a continuous stroke, FIRE high, needle at the bottom
      running: a continuous stroke, FIRE low, needle out
      running: between two continuous strokes, the second about to start
      running, FIRE high: the first stroke of a dot, needle at the bottom
      running: a dot's second stroke about to start
      armed: a dot whole, the pedal still down
      stopping: stopping after the guard opened, needle out
      running, FIRE high: the second stroke, FIRE high, after one that left home late
      running: a stroke about to start, the durable intent used up
      self_test: the self-test, one channel on
      armed: rotary: armed
      armed: rotary: the pedal just down, the cam about to turn
      running: rotary: spinning up, needle home still
      running: rotary: spinning up, needle out
      running: rotary: at its rate, needle out
      running: rotary: at its rate, needle passing home
      running: rotary: spinning down, needle out
      running: rotary: braked at home
      fault: rotary: coasting after an emergency stop, needle out
      fault: rotary: left out by a coast, all else in order
      fault: rotary: left out by a coast, and the cartridge taken out
      calibrating: rotary: being brought home
      """
    #expect(found.joined(separator: "\n") == expected)
  }

  /// Each planted bug with the shortest trace to it, as a person reads it.
  static let plants: [(ModelPlant, String)] = [
    (
      .releaseIgnoredWhileDwelling,
      """
      releaseEndsStroke: FIRE is high though the pedal is not down
        from: a continuous stroke, FIRE high, needle at the bottom
        1. the pedal is released
      """
    ),
    (
      .watchdogRenewedAfterStall,
      """
      lapsedLease: the watchdog was renewed in the first step after a lapsed lease
        from: arming, torque rising
        1. the loop stalls for 150 ms
      """
    ),
    (
      .armedWithGuardOpen,
      """
      armConditions: armed with the guard open
        from: standby, everything ready
        1. GUARD changes
        2. order: arm
      """
    ),
    (
      .intentIgnored,
      """
      durableIntent: stroke 2 started, durable through 1
        from: a stroke about to start, the durable intent used up
        1. the loop wakes in time
      """
    ),
    (
      .stopLostWhileOut,
      """
      stopEndsStroke: FIRE is high in the step of a stop
        from: a continuous stroke, FIRE high, needle at the bottom
        1. stop
      """
    ),
    (
      .rateUnjudged,
      """
      rateFaults: 6150 µs from stroke to stroke, and no fault
        from: the second stroke, FIRE high, after one that left home late
        1. the pedal is released
        2. NEEDLE_HOME changes for a moment
      """
    ),
    (
      .camTurnsOn,
      """
      releaseEndsStroke: the cam turns on though the pedal is not down
        from: rotary: spinning up, needle out
        1. the pedal is released
      """
    ),
  ]

  @Test(arguments: plants) func aPlantedBugIsFoundWithAShortestTrace(_ plant: ModelPlant, _ trace: String) {
    let result = ModelChecker(mostStates: 100_000, plant: plant).run()
    #expect(result.finding?.text == trace)
  }

  @Test func noPlantIsWithoutItsTrace() {
    #expect(ModelPlant.allCases.dropFirst() == Self.plants.map(\.0)[...])
  }
}
