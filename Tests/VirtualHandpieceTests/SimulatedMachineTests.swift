import DriveLink
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite struct SimulatedMachineTests {
  private static let start = Instant(sinceBoot: .seconds(1))

  private func machine(_ timeline: [Timeline.Entry] = [], latency: WakeLatency = .none) -> SimulatedMachine {
    SimulatedMachine(
      plant: Plant(seed: 1, at: Self.start), timeline: Timeline(timeline), latency: latency, seed: 1)
  }

  private static var torqueOn: OutputLevels {
    OutputLevels(
      bits: OutputSignal.torqueEnableA.bit | OutputSignal.torqueEnableB.bit | OutputSignal.watchdog.bit)
  }

  @Test func waitingJumpsToTheDeadline() {
    var machine = machine()
    var wake = Wake()
    machine.wait(until: Self.start + .hours(1), into: &wake)
    #expect(wake.now == Self.start + .hours(1))
    #expect(wake.edges.count == 0)
    #expect(wake.levels == .atRest)
  }

  @Test func aDeadlineInThePastReturnsAtOnce() {
    var machine = machine()
    var wake = Wake()
    machine.wait(until: .boot, into: &wake)
    #expect(wake.now == Self.start)
  }

  @Test func anEdgeWakesAtItsOwnInstant() {
    var machine = machine()
    var wake = Wake()
    let written1 = machine.write(Self.torqueOn)
    #expect(written1)
    machine.wait(until: Self.start + .seconds(1), into: &wake)
    #expect(wake.now == Self.start + .milliseconds(1))
    #expect(wake.edges.count == 1)
    #expect(wake.edges[0] == Edge(signal: .torqueFeedback, rising: true, at: Self.start + .milliseconds(1)))
    let level2 = machine.readBack()
    #expect(level2 == Self.torqueOn)
  }

  @Test func aPersonActsAtTheScriptedInstant() {
    var machine = machine([
      Timeline.Entry(at: Self.start + .seconds(3), .person(.emergencyStop(open: true)))
    ])
    var wake = Wake()
    machine.wait(until: Self.start + .seconds(9), into: &wake)
    #expect(wake.now == Self.start + .seconds(3))
    #expect(!wake.levels.isHigh(wake.edges[0].signal))
  }

  @Test func aStallDelaysTheWakeAndCollectsTheEdges() {
    var machine = machine([
      Timeline.Entry(at: Self.start + .milliseconds(100), .stall(.milliseconds(70))),
      Timeline.Entry(at: Self.start + .milliseconds(120), .person(.pedal(down: true))),
    ])
    var wake = Wake()
    machine.wait(until: Self.start + .milliseconds(101), into: &wake)
    #expect(wake.now == Self.start + .milliseconds(170))
    #expect(wake.edges[0].at == Self.start + .milliseconds(120))
    #expect(wake.levels.isHigh(.pedalNormallyOpen))
  }

  @Test func latencyIsSeededAndBounded() {
    var machine = machine(latency: .upTo(.microseconds(200)))
    var wake = Wake()
    var worst = Nanoseconds.zero
    for number in 1...1_000 {
      let deadline = Self.start + .milliseconds(Int64(number))
      machine.wait(until: deadline, into: &wake)
      #expect(wake.now >= deadline)
      worst = (wake.now - deadline) > worst ? wake.now - deadline : worst
    }
    #expect(worst > .microseconds(150) && worst <= .microseconds(200))
  }

  @Test func failuresOfTheBoardReachTheLoop() {
    var machine = machine([
      Timeline.Entry(at: Self.start + .milliseconds(1), .refuseWrites(true)),
      Timeline.Entry(at: Self.start + .milliseconds(1), .failInputs(true)),
      Timeline.Entry(at: Self.start + .milliseconds(1), .closeSerial(true)),
      Timeline.Entry(at: Self.start + .milliseconds(1), .loseEdges(3)),
    ])
    var wake = Wake()
    machine.wait(until: Self.start + .seconds(1), into: &wake)
    #expect(wake.inputFailed && wake.serialFailed)
    #expect(wake.edges.lost == 3)
    let written3 = machine.write(.safe)
    #expect(!written3)
    let level4 = machine.readBack()
    #expect(level4 == nil)
    let sent5 = machine.send(SerialBytes())
    #expect(sent5 == -1)
  }

  @Test func theDriveAnswersOverTheLine() {
    var machine = machine()
    var request = SerialBytes()
    // GAP 1 (actual position) of motor 0, module 1; the checksum is the sum of the eight bytes before it.
    for byte: UInt8 in [1, 6, 1, 0, 0, 0, 0, 0, 8] { request.append(byte) }
    let sent6 = machine.send(request)
    #expect(sent6 == 9)
    var wake = Wake()
    machine.wait(until: Self.start + .seconds(1), into: &wake)
    #expect(wake.received.count == 9)
    #expect(wake.now < Self.start + .milliseconds(10))
    #expect(wake.received[2] == 100)
  }

  @Test func aProcessThatDiesLeavesItsLinesLow() {
    var machine = machine()
    var outputs = Self.torqueOn
    let written7 = machine.write(outputs)
    #expect(written7)
    outputs.set(.fire, high: true)
    let written8 = machine.write(outputs)
    #expect(written8)
    machine.pass(until: Self.start + .microseconds(900))
    machine.die()
    machine.pass(until: Self.start + .milliseconds(5))
    let isNeedleHome = machine.sight.isNeedleHome
    #expect(isNeedleHome)
    let isTorqueOn = machine.sight.isTorqueOn
    #expect(!isTorqueOn)
    let strokesMade = machine.sight.strokesMade
    #expect(strokesMade == 1)
  }
}

@Suite struct DepthAxisInThePlantTests {
  /// The whole chain: our link references the axis and moves it, and the handpiece's stop goes with it.
  @Test func theDepthStopFollowsTheDriveOnlyWhileTorqueIsOn() {
    let start = Instant(sinceBoot: .seconds(1))
    var machine = SimulatedMachine(plant: Plant(seed: 1, at: start), seed: 1)
    var link = LinkedDrive.tmcl(
      TMCLLink(TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100))))
    var outputs = OutputLevels(
      bits: OutputSignal.torqueEnableA.bit | OutputSignal.torqueEnableB.bit | OutputSignal.watchdog.bit)
    var wake = Wake()
    var wantsReference = true
    var wantsMove = false
    while machine.now < start + .seconds(20) {
      outputs.bits ^= OutputSignal.watchdog.bit
      let written9 = machine.write(outputs)
      #expect(written9)
      machine.wait(until: machine.now + .milliseconds(10), into: &wake)
      link.receive(wake.received, at: wake.now)
      var command = DriveCommand.none
      if link.feedback.link == .verified, wantsReference {
        command = .reference
        wantsReference = false
        wantsMove = true
      } else if link.feedback.referenced, wantsMove {
        command = .moveDepth(Micrometres(850))
        wantsMove = false
      }
      link.request(command, at: wake.now)
      while let frame = link.nextFrame(at: wake.now) { _ = machine.send(frame) }
    }
    #expect(link.feedback.link == .verified)
    #expect(link.feedback.depth == Micrometres(850))
    let depthStop = machine.sight.depthStop
    #expect(depthStop == Micrometres(850))
  }
}
