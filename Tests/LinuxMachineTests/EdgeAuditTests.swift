import LinuxMachine
import NeedleSafety
import StrokeControl
import Testing
import Units

@Suite struct EdgeAuditTests {
  /// Long enough before the first edge for all of them to be judged.
  private let started = Instant.boot - .milliseconds(100)

  private func edge(_ signal: InputSignal, _ rising: Bool, at milliseconds: Int64) -> Edge {
    Edge(signal: signal, rising: rising, at: .boot + .milliseconds(milliseconds))
  }

  @Test func alternatingEdgesPassUnchanged() {
    var audit = EdgeAudit(levels: .atRest, at: started)
    var edges = Edges()
    audit.follow(edge(.needleHome, false, at: 1), into: &edges)
    audit.follow(edge(.needleHome, true, at: 2), into: &edges)
    #expect(edges.count == 2)
    #expect(edges.lost == 0)
  }

  @Test func twoEqualEdgesOfASensorAreALoss() {
    var audit = EdgeAudit(levels: .atRest, at: started)
    var edges = Edges()
    audit.follow(edge(.needleHome, false, at: 1), into: &edges)
    audit.follow(edge(.needleHome, false, at: 2), into: &edges)
    #expect(edges.count == 2)
    #expect(edges.lost == 1)
  }

  @Test func theFirstEdgeIsJudgedByTheLevelAtOpening() {
    var audit = EdgeAudit(levels: .atRest, at: started)
    var edges = Edges()
    audit.follow(edge(.needleHome, true, at: 1), into: &edges)
    #expect(edges.lost == 1)
  }

  @Test func anEdgeThatWasOnItsWayAtTheStartIsNotJudged() {
    var audit = EdgeAudit(levels: .atRest, at: .boot)
    var edges = Edges()
    audit.follow(edge(.needleHome, true, at: 1), into: &edges)
    #expect(edges.count == 1)
    #expect(edges.lost == 0)
    audit.follow(edge(.needleHome, true, at: 2), into: &edges)
    #expect(edges.lost == 1)
  }

  @Test func aContactThatOpenedForAMomentIsSeenToHaveOpened() {
    var audit = EdgeAudit(levels: .atRest, at: started)
    var edges = Edges()
    audit.follow(edge(.emergencyStopA, true, at: 5), into: &edges)
    #expect(edges.count == 2)
    #expect(edges[0] == edge(.emergencyStopA, false, at: 5))
    #expect(edges[1] == edge(.emergencyStopA, true, at: 5))
    #expect(edges.lost == 0)
  }

  @Test(arguments: [
    InputSignal.emergencyStopA, .emergencyStopB, .pedalNormallyOpen, .pedalNormallyClosed, .cartridgeAbsent,
    .guardClosed, .needleBottom,
  ])
  func everyLineThatMakesShortPulsesGetsItsMissingEdge(_ signal: InputSignal) {
    var audit = EdgeAudit(levels: InputLevels(bits: 0), at: started)
    var edges = Edges()
    audit.follow(edge(signal, false, at: 5), into: &edges)
    #expect(edges.count == 2)
    #expect(edges[0].rising)
  }

  @Test(arguments: [InputSignal.torqueFeedback, .needleHome, .driveFaultAbsent])
  func noOtherLineGetsAnEdgeThatTheKernelDidNotDeliver(_ signal: InputSignal) {
    var audit = EdgeAudit(levels: InputLevels(bits: 0), at: started)
    var edges = Edges()
    audit.follow(edge(signal, false, at: 5), into: &edges)
    #expect(edges.count == 1)
    #expect(edges.lost == 1)
  }

  private func compare(_ audit: inout EdgeAudit, _ levels: InputLevels, at microseconds: Int64) -> Int {
    var edges = Edges()
    audit.compare(levels, at: .boot + .microseconds(microseconds), into: &edges)
    return edges.lost
  }

  @Test func aLevelThatStaysDifferentFor2MillisecondsIsOneLostEdge() {
    var audit = EdgeAudit(levels: .atRest, at: started)
    var away = InputLevels.atRest
    away.set(.needleHome, high: false)
    #expect(compare(&audit, away, at: 1_000) == 0)
    #expect(compare(&audit, away, at: 2_999) == 0)
    #expect(compare(&audit, away, at: 3_000) == 1)
    #expect(compare(&audit, away, at: 9_000) == 0)
  }

  @Test func anEdgeThatArrivesLateIsNoLoss() {
    var audit = EdgeAudit(levels: .atRest, at: started)
    var away = InputLevels.atRest
    away.set(.needleHome, high: false)
    #expect(compare(&audit, away, at: 1_000) == 0)
    var edges = Edges()
    audit.follow(edge(.needleHome, false, at: 1), into: &edges)
    #expect(edges.lost == 0)
    #expect(compare(&audit, away, at: 9_000) == 0)
  }

  @Test func aLevelThatCameBackStartsAnew() {
    var audit = EdgeAudit(levels: .atRest, at: started)
    var away = InputLevels.atRest
    away.set(.needleHome, high: false)
    #expect(compare(&audit, away, at: 1_000) == 0)
    #expect(compare(&audit, .atRest, at: 2_000) == 0)
    #expect(compare(&audit, away, at: 3_500) == 0)
  }
}
