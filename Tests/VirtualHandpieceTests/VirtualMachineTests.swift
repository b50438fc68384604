import Glibc
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

// Real time, so nothing here is asserted about how long something took.
@Suite struct VirtualMachineTests {
  /// The two ends of a pipe stand in for the control plane's eventfd.
  private struct Signal: ~Copyable {
    let readEnd: CInt
    let writeEnd: CInt
    init() {
      var ends: [CInt] = [-1, -1]
      unsafe _ = pipe(&ends)
      readEnd = ends[0]
      writeEnd = ends[1]
      _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
    }
    func raise() {
      var value: UInt64 = 1
      unsafe _ = write(writeEnd, &value, 8)
    }
    deinit {
      close(readEnd)
      close(writeEnd)
    }
  }

  private static var now: Instant {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(sinceBoot: .seconds(Int64(time.tv_sec)) + Nanoseconds(Int64(time.tv_nsec)))
  }

  @Test func edgesCarryTheInstantsOfPhysicsAndNotOfTheWake() throws {
    let signal = Signal()
    let start = Self.now
    var machine = try VirtualMachine(
      plant: Plant(seed: 1, at: start), mailbox: PersonMailbox(), wakeDescriptor: signal.readEnd)
    var wake = Wake()
    let levels = OutputSignal.torqueEnableA.bit | OutputSignal.torqueEnableB.bit | OutputSignal.watchdog.bit
    let written1 = machine.write(OutputLevels(bits: levels))
    #expect(written1)
    let torqueOnSince = machine.plant.handpiece.truth.torqueOnSince
    let torqueOn = try #require(torqueOnSince)
    machine.wait(until: start + .seconds(10), into: &wake)
    #expect(wake.edges[0] == Edge(signal: .torqueFeedback, rising: true, at: torqueOn + .milliseconds(1)))
    #expect(wake.now >= torqueOn + .milliseconds(1))
    #expect(wake.systemCalls > 0)
  }

  @Test func theControlPlaneWakesTheLoopAndPeopleAct() throws {
    let signal = Signal()
    let mailbox = PersonMailbox()
    let start = Self.now
    var machine = try VirtualMachine(
      plant: Plant(seed: 1, at: start), mailbox: mailbox, wakeDescriptor: signal.readEnd)
    #expect(mailbox.post(.emergencyStop(open: true)))
    signal.raise()
    var wake = Wake()
    machine.wait(until: start + .seconds(600), into: &wake)
    #expect(wake.edges.count > 0)
    #expect(wake.now < start + .seconds(600))
  }

  @Test func theDriveAnswersOverARealTerminal() throws {
    let signal = Signal()
    let start = Self.now
    var machine = try VirtualMachine(
      plant: Plant(seed: 1, at: start), mailbox: PersonMailbox(), wakeDescriptor: signal.readEnd)
    let path = machine.serialPath
    #expect(path.hasPrefix("/dev/pts/"))
    var request = SerialBytes()
    for byte: UInt8 in [1, 6, 1, 0, 0, 0, 0, 0, 8] { request.append(byte) }
    let sent2 = machine.send(request)
    #expect(sent2 == 9)
    var wake = Wake()
    var received: [UInt8] = []
    while received.count < 9, Self.now < start + .seconds(60) {
      machine.wait(until: start + .seconds(60), into: &wake)
      for index in 0..<wake.received.count { received.append(wake.received[index]) }
    }
    #expect(received.count == 9)
    #expect(received.first == 2)
    #expect(received.dropFirst(2).first == 100)
  }
}

@Suite struct PersonMailboxTests {
  @Test func aFullMailboxRefuses() {
    let mailbox = PersonMailbox()
    for _ in 0..<PersonMailbox.capacity { #expect(mailbox.post(.pedal(down: true))) }
    #expect(!mailbox.post(.pedal(down: false)))
  }

  @Test func everyActionPassesThroughAsItIs() {
    let inputs = InputSignal.allCases
    var actions: [PersonAction] = [
      .pedal(down: true), .pedal(down: false), .emergencyStop(open: true), .guardCover(open: true),
      .cartridge(seated: true), .cartridge(seated: false), .repair,
      .inject(.handpiece(.coilWeak(percent: 40)), after: .milliseconds(250)),
      .inject(.handpiece(.outputShorted(.torqueEnableB)), after: .zero),
      .inject(.handpiece(.stuck(.needleHome, high: true)), after: .hours(2)),
      .inject(.drive(.late(.milliseconds(20))), after: .zero),
      .inject(.drive(.lying(microsteps: -5_000)), after: .seconds(1)),
      .inject(.drive(.corrupt(perMillion: 10_000)), after: .zero), .inject(.drive(.restart), after: .zero),
      .inject(.drive(.doubling(perMillion: 200_000)), after: .zero), .inject(.drive(.garbled), after: .zero),
      .inject(.drive(.noisy(perMillion: 500_000)), after: .zero),
      .inject(.drive(.stale(replies: 3)), after: .zero),
    ]
    actions += inputs.map { .inject(.handpiece(.inputOpen($0)), after: .zero) }
    let mailbox = PersonMailbox()
    for action in actions { #expect(mailbox.post(action)) }
    for action in actions { #expect(mailbox.take() == action) }
    #expect(mailbox.take() == nil)
  }

  @Test func manyWritersLoseNothing() async {
    let mailbox = PersonMailbox()
    let accepted = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var count = 0
          for _ in 0..<8 where mailbox.post(.pedal(down: true)) { count += 1 }
          return count
        }
      }
      return await group.reduce(0, +)
    }
    var taken = 0
    while mailbox.take() != nil { taken += 1 }
    #expect(accepted == 64)
    #expect(taken == 64)
  }
}
