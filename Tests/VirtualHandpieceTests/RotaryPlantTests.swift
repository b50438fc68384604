import DriveLink
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// The drive, the cam and the safe torque off of a rotary machine together, as the board's bytes and lines reach them.
@Suite struct RotaryPlantTests {
  /// A plant with torque on, and the link that speaks to its drive.
  struct Bench {
    var plant: Plant
    var link: LinkedDrive
    var outputs = OutputLevels.safe
    private var lastPulse = Instant.boot

    init(_ plant: Plant, _ link: LinkedDrive) {
      self.plant = plant
      self.link = link
      setTorque(true)
    }

    mutating func setTorque(_ on: Bool) {
      outputs.set(.torqueEnableA, high: on)
      outputs.set(.torqueEnableB, high: on)
      plant.apply(outputs: outputs, at: plant.now)
    }

    /// Lets time pass, as a loop that wakes every half millisecond and feeds the watchdog.
    mutating func pass(_ time: Nanoseconds, _ command: DriveCommand = .none) {
      let end = plant.now + time
      var command = command
      while plant.now < end {
        if plant.now - lastPulse >= .milliseconds(20) {
          outputs.set(.watchdog, high: !outputs.isHigh(.watchdog))
          plant.apply(outputs: outputs, at: plant.now)
          lastPulse = plant.now
        }
        while true {
          var bytes = SerialBytes()
          plant.replies.take(into: &bytes)
          if bytes.count == 0 { break }
          link.receive(bytes, at: plant.now)
        }
        link.request(command, at: plant.now)
        command = .none
        while let frame = link.nextFrame(at: plant.now) { plant.receive(frame, at: plant.now) }
        plant.advance(to: plant.now + .microseconds(500))
      }
    }

    /// Risings of `NEEDLE_HOME` since the edges were last emptied.
    var strokes: Int {
      (0..<plant.handpiece.edges.count).filter {
        plant.handpiece.edges[$0].signal == .needleHome && plant.handpiece.edges[$0].rising
      }.count
    }
  }

  static func tmcl() -> Bench {
    var depth = TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100))
    depth.module.replyTimeout = .milliseconds(8)
    let needle = TMCLNeedleParameters(family: .tmcm1617, lease: .milliseconds(100))
    return Bench(
      Plant(.rotary, seed: 1, at: .boot), .tmclBus(TMCLBus(depth: depth, needle: needle)))
  }

  @Test("A drive told 100 Hz makes a hundred strokes a second, and says so") func strokes() {
    var bench = Self.tmcl()
    bench.pass(.seconds(1))
    #expect(bench.link.feedback.link == .verified)
    bench.pass(.milliseconds(300), .spin(.hertz(100)))
    #expect(bench.link.feedback.rate == .hertz(100))
    for _ in 0..<10 {
      bench.plant.handpiece.edges.removeAll()
      bench.pass(.milliseconds(100))
      #expect((9...11).contains(bench.strokes))
    }
    bench.pass(.milliseconds(200), .spin(.zero))
    #expect(bench.plant.handpiece.camRate == .zero)
    #expect(bench.link.feedback.rate == .zero)
  }

  @Test("Without torque the cam coasts, and the drive's own sensor sees it") func coasts() {
    var bench = Self.tmcl()
    bench.pass(.seconds(1))
    bench.pass(.milliseconds(300), .spin(.hertz(100)))
    bench.setTorque(false)
    bench.pass(.milliseconds(30))
    let coasting = bench.plant.handpiece.camRate
    #expect(coasting > .zero && coasting < .hertz(100))
    bench.pass(.milliseconds(100))
    #expect(bench.plant.handpiece.camRate == .zero)
    #expect(bench.link.feedback.rate == .zero)
    #expect(bench.link.feedback.current == .zero)
  }

  @Test("A drive that restarts lets the cam go, and the link says within 150 ms that it did")
  func restart() {
    var bench = Self.tmcl()
    bench.pass(.seconds(1))
    bench.pass(.milliseconds(300), .spin(.hertz(100)))
    bench.plant.perform(.inject(.drive(.restart), after: .zero))
    bench.pass(.milliseconds(150))
    #expect(bench.link.feedback.link != .verified)
    #expect(bench.plant.handpiece.camRate == .zero)
    bench.pass(.seconds(1))
    #expect(bench.link.feedback.link == .verified)
    #expect(bench.plant.handpiece.camRate == .zero)
  }
}
