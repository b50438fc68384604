import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// What the link says is wrong, which a fault takes along as its evidence and status shows.
@Suite("Why a link is down") struct DriveTroubleTests {
  private func prepared() -> TMCLBench {
    var bench = TMCLBench()
    bench.prepare()
    bench.run(for: .milliseconds(100))
    return bench
  }

  @Test("A link that is up has no trouble") func none() {
    let bench = prepared()
    #expect(bench.feedback.trouble == .none)
  }

  @Test("A module that says nothing is silent, and stays so while it is asked again") func silent() {
    var bench = prepared()
    bench.device.faults.mute = true
    bench.run(for: .milliseconds(300))
    #expect(bench.feedback.trouble == DriveTrouble(.silent))
    bench.run(for: .seconds(2))
    #expect(bench.feedback.trouble == DriveTrouble(.silent))
  }

  @Test("A line that is closed is told from silence, also after further attempts") func lineClosed() {
    var bench = prepared()
    bench.link.lineFailed(at: bench.now)
    bench.cutOut = true
    #expect(bench.feedback.trouble == DriveTrouble(.lineClosed))
    bench.run(for: .seconds(2))
    #expect(bench.feedback.trouble == DriveTrouble(.lineClosed))
  }

  @Test("A module that restarted is told from one that is silent") func restarted() {
    var bench = prepared()
    bench.device.restart(at: bench.now)
    bench.run(until: bench.now + .seconds(1)) { $0.feedback.link != .verified }
    #expect([.restarted, .silent].contains(bench.feedback.trouble.kind))
    bench.connect()
    #expect(bench.feedback.trouble == .none)
  }

  @Test("A limit that does not read back is named by its parameter") func limits() {
    var bench = TMCLBench()
    // Maximum current.
    bench.device.faults.ignoredParameter = 6
    bench.run(for: .seconds(2))
    #expect(bench.feedback.trouble == DriveTrouble(.limits, figure: 6))
    #expect(bench.feedback.trouble.explanation == "parameter 6 did not read back as it was written")
  }

  @Test("A setting that the module refuses is named by its parameter") func rejected() {
    var bench = TMCLBench()
    bench.device.faults.refusedParameter = 4
    bench.run(for: .seconds(2))
    #expect(bench.feedback.trouble == DriveTrouble(.rejected, figure: 4))
  }

  @Test("Another module than the profile's is named by its number") func stranger() {
    var bench = TMCLBench(family: .tmcm1240)
    var other = TMCLDeviceParameters(family: .tmcm1617)
    other.moduleAddress = bench.link.module.moduleAddress
    other.replyAddress = bench.link.module.replyAddress
    bench.device = TMCLDevice(other, at: bench.now, seed: 1)
    bench.run(for: .seconds(2))
    #expect(bench.feedback.trouble == DriveTrouble(.stranger, figure: 1_617))
  }

  @Test("Answers that are damaged one after the other are told from silence") func damaged() {
    let bench = prepared()
    var link = bench.link
    var now = bench.now
    for _ in 0..<40 where link.feedback.link == .verified {
      if link.nextFrame(at: now) != nil {
        now += .milliseconds(2)
        var reply = TMCLReply(to: 2, from: 1, .success, .getAxis, value: 0).frame
        reply[7] ^= 4
        link.receive(reply.bytes, at: now)
      }
      now = now.later(of: link.deadline)
    }
    #expect(link.feedback.link == .down)
    #expect(link.feedback.trouble == DriveTrouble(.damaged))
  }

  @Test("Of two modules on a line, the one that is down gives the reason") func worse() {
    var sound = DriveFeedback()
    sound.link = .verified
    var lost = DriveFeedback()
    lost.trouble = DriveTrouble(.silent)
    #expect(sound.worseTrouble(than: lost) == DriveTrouble(.silent))
    #expect(lost.worseTrouble(than: sound) == DriveTrouble(.silent))
  }

  @Test("Every trouble has a name and a sentence of its own, and comes back from a fault's two numbers")
  func words() {
    let all = DriveTrouble.Kind.allCases.map { DriveTrouble($0, figure: 42) }
    #expect(Set(all.map(\.name)).count == all.count)
    #expect(Set(all.map(\.explanation)).count == all.count)
    for trouble in all {
      #expect(
        DriveTrouble(kind: Int64(trouble.kind.number), figure: Int64(trouble.figure)) == trouble,
        "\(trouble.name)")
    }
    #expect(DriveTrouble(kind: 4_711, figure: 0) == .none)
  }
}
