import ControlInterface
import SessionLog
import Testing
import Varlink

@testable import stipplectl

@Suite struct DoctorTests {
  private static func patient(
    real: Bool = true, _ change: (inout Device.Machine) -> Void = { _ in }
  ) -> Examination.Patient {
    var machine = Samples.machine
    machine.isVirtual = !real
    machine.priority = 80
    machine.cpu = 3
    machine.isMemoryLocked = true
    machine.warnings = []
    change(&machine)
    return Examination.Patient(
      machine: machine, status: Samples.standby, timing: Samples.timing,
      board: .init(findings: [.init(subject: "chip", isPassed: true, detail: "there")], isPassed: true))
  }

  @Test func aGoodBoardHasNothingToChange() throws {
    let paper = try PaperHost()
    try paper.write("/run/stipple/control", "")
    let found = paper.findings(Self.patient())
    // The file of this test belongs to whoever runs it, and the sample's loop was not watched for long.
    for (subject, finding) in found where subject != "socket" && subject != "wake-ups" {
      #expect(finding.verdict == .good, "\(subject): \(finding.detail)")
      #expect(finding.remedy == nil, "\(subject)")
    }
    #expect(found["isolation"]?.detail == "CPU 3 is the loop's and kept free of other work")
    #expect(found["watchdog"]?.detail == "Broadcom BCM2835 Watchdog timer, 15 s")
    #expect(found["groups"]?.detail == "there; your role is technician")
  }

  @Test func withoutADaemonTheUnitIsReadAndTheRestIsLookedAtAllTheSame() throws {
    let paper = try PaperHost()
    let found = paper.findings()
    #expect(found["daemon"]?.verdict == .advice)
    #expect(found["daemon"]?.detail == "not reached: nobody listens")
    #expect(
      found["real-time priority"]
        == .good("real-time priority", "/lib/systemd/system/stippled.service allows SCHED_FIFO 80"))
    #expect(found["locked memory"]?.verdict == .good)
    #expect(found["isolation"]?.detail == "CPU 3 is kept free")
    #expect(found.values.filter { $0.verdict == .bad }.isEmpty)
    #expect(found["wake-ups"]?.verdict == .unseen && found["board"]?.verdict == .unseen)
  }

  /// What is changed on the paper, the subject that has to tell, how bad it is on a board, and a word of the remedy.
  private static let ailments: [(path: String, text: String?, subject: String, Finding.Verdict, String)] = [
    ("/sys/module/pinctrl_rp1/parameters/persist_gpio_outputs", "Y\n", "GPIO", .bad, "strict_gpiod"),
    ("/etc/systemd/system.conf", "RuntimeWatchdogSec=1min\n", "watchdog", .bad, "RuntimeWatchdogSec=off"),
    ("/dev/watchdog", nil, "watchdog", .advice, "softdog"),
    ("/proc/sys/kernel/sched_rt_runtime_us", "300000\n", "throttling", .bad, "sysctl"),
    (
      "/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "ondemand\n", "governor", .advice,
      "performance"
    ),
    ("/sys/devices/system/cpu/isolated", "\n", "isolation", .advice, "isolcpus=3"),
    ("/etc/group", "root:x:0:\nstipple:x:901:\n", "groups", .bad, "systemd-sysusers"),
    ("/dev/cpu_dma_latency", nil, "sleep states", .advice, "max_cstate"),
  ]

  @Test(arguments: ailments.indices)
  func eachAilmentIsNamedWithItsRemedy(index: Int) throws {
    let (path, text, subject, verdict, word) = Self.ailments[index]
    let paper = try PaperHost()
    if let text { try paper.write(path, text) } else { try paper.remove(path) }
    let finding = try #require(paper.findings(Self.patient())[subject])
    #expect(finding.verdict == verdict, "\(finding.detail)")
    #expect(finding.remedy?.contains(word) == true, "\(finding.remedy ?? "no remedy")")
  }

  @Test func anOrdinaryKernelIsAdvisedAgainst() throws {
    let paper = try PaperHost()
    try paper.remove("/sys/kernel/realtime")
    try paper.write("/proc/version", "Linux version 6.12.47 SMP PREEMPT_DYNAMIC\n")
    #expect(paper.findings(Self.patient())["kernel"]?.verdict == .advice)
  }

  @Test func whatTheHostWithheldIsBadOnABoardAndAdviceOnAVirtualMachine() throws {
    let paper = try PaperHost()
    for (real, verdict) in [(true, Finding.Verdict.bad), (false, .advice)] {
      let found = paper.findings(
        Self.patient(real: real) { machine in
          machine.priority = nil
          machine.isMemoryLocked = false
          machine.warnings = ["/dev/cpu_dma_latency was refused: no permission; let the service open it"]
        })
      for subject in ["real-time priority", "locked memory", "sleep states"] {
        #expect(found[subject]?.verdict == verdict, "\(subject), real: \(real)")
      }
    }
  }

  @Test func aProcessIsJudgedByItsLimitsAndCapabilities() throws {
    let paper = try PaperHost()
    try paper.write("/proc/77/comm", "stippled\n")
    try paper.write(
      "/proc/77/limits",
      "Limit                     Soft Limit           Hard Limit           Units\n"
        + "Max locked memory         8388608              8388608              bytes\n"
        + "Max realtime priority     0                    0                    \n")
    try paper.write("/proc/77/status", "Name:\tstippled\nCapEff:\t0000000000000000\n")
    #expect(paper.findings()["real-time priority"]?.verdict == .bad)
    #expect(paper.findings()["locked memory"]?.verdict == .bad)
    // CAP_SYS_NICE alone.
    try paper.write("/proc/77/status", "Name:\tstippled\nCapEff:\t0000000000800000\n")
    #expect(paper.findings()["real-time priority"]?.verdict == .good)
    #expect(paper.findings()["locked memory"]?.verdict == .bad)
  }

  @Test func theDiskIsJudgedByTreatments() throws {
    let paper = try PaperHost()
    for (mebibytes, verdict) in [
      (UInt64(255), Finding.Verdict.bad), (256, .advice), (2_559, .advice), (2_560, .good),
    ] {
      paper.host.room = { _ in .init(free: mebibytes << 20, size: 32 << 30) }
      #expect(paper.findings()["disk"]?.verdict == verdict, "\(mebibytes) MiB")
    }
  }

  @Test func aClockThatNobodyKeepsIsNamed() throws {
    let paper = try PaperHost()
    paper.host.isClockSynchronised = false
    #expect(paper.findings(Self.patient())["clock"]?.verdict == .bad)
    try paper.write("/sys/class/rtc/rtc0/hctosys", "1\n")
    #expect(paper.findings(Self.patient())["clock"]?.verdict == .advice)
  }

  @Test func theLoopsLatenessIsJudgedAgainstItsPeriod() throws {
    let paper = try PaperHost()
    var patient = Self.patient()
    for (late, misses, verdict) in [
      (200, 0, Finding.Verdict.good), (260, 0, .advice), (1_001, 0, .bad), (200, 2, .bad),
    ] {
      patient.timing?.summary.wakes = 1_000_000
      patient.timing?.summary.p999Us = late
      patient.timing?.summary.misses = misses
      #expect(paper.findings(patient)["wake-ups"]?.verdict == verdict, "\(late) µs, \(misses) misses")
    }
    patient.timing?.summary.wakes = 9_999
    #expect(paper.findings(patient)["wake-ups"]?.verdict == .unseen)
    patient.status?.interlocks = [.init(name: "wake_latency", isSatisfied: false)]
    #expect(paper.findings(patient)["wake-ups"]?.verdict == .bad)
  }

  @Test func whoeverMayNotOpenTheSocketIsToldHow() throws {
    let paper = try PaperHost()
    paper.host.callerGroups = [1_000]
    let finding = try #require(paper.findings()["groups"])
    #expect(finding.verdict == .advice && finding.remedy?.contains("usermod -aG stipple ") == true)
  }

  @Test func theWakesOfTheNextSecondsAreCounted() {
    var later = Samples.timing
    later.histogram[0].wakes += 1_500
    let watched = WatchedWakes(before: Samples.timing, after: later).finding(seconds: 3)
    #expect(watched.verdict == .good && watched.detail.hasPrefix("1,500 in 3 s, all within "))
    #expect(
      WatchedWakes(before: Samples.timing, after: Samples.timing).finding(seconds: 3).verdict == .unseen)
  }

  @Test func thePageSaysWhatToDoAndTheStatusSaysWhetherItMust() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("doctor", "--seconds", "0")
      #expect(outcome.output.contains("daemon"))
      #expect(outcome.output.contains("Late by up to"))
      #expect(outcome.status == .ok || outcome.status == .verificationFailed)
      let json = try JSONParser.parse(Array(await bench.json("doctor", "--seconds", "0").output.utf8))
      #expect(json["is_passed"] == .bool(outcome.status == .ok))
      #expect(json["timing"] == Samples.timing.json)
      #expect(json["findings"]?.array?.first?["subject"] == "daemon")
    }
  }

  @Test func itWorksWithNoDaemon() async throws {
    let outcome = await Bench().run("doctor")
    #expect(outcome.output.contains("not reached: no stippled listens at"))
    #expect(outcome.output.contains("kernel"))
  }

  @Test func listsOfCPUsAreReadAsTheKernelWritesThem() {
    let list = CPUList("0,2-3\n")
    #expect((0...4).map(list.contains) == [true, false, true, true, false])
    #expect("\(list)" == "0,2-3")
    #expect(CPUList("").isEmpty && CPUList("x").isEmpty)
  }
}
