import ControlInterface
import Varlink

/// One machine at one moment, 2026-11-21T12:00:00Z.
enum Samples {
  static let noon = 1_795_262_400_000_000

  static let hash = String(repeating: "0f", count: 32)

  static let client = Clients.Entry(
    code: "C-0042", number: 7, consent: "B-117", consentAtUs: noon, createdAtUs: noon, sessions: 2,
    lastSessionAtUs: noon)

  static let plan = Plans.Plan(
    id: "P1", client: "C-0042", style: .soft, minIntervalDays: 14, createdAtUs: noon,
    zones: [
      .init(
        name: "hairline", attributes: [.scar], areaMm2: 1_200,
        targets: [.init(stage: .foundation, targetPerCm2: 30, shade: "ash")], dots: 360, densityPerCm2: 30,
        ceilingPerCm2: 200)
    ], sessionsDone: 1, nextStage: .definition)

  static let limits = Device.Limits(
    rateHz: 150, depthUm: 1_000, dwellUs: 6_000, dwellPercent: 60, offTimeUs: 2_000, strokesPerDot: 25,
    dotDurationUs: 250_000, dotRateHz: 10, stallUs: 50_000, runMs: 120_000, dutyPercent: 80,
    motorOnMs: 14_400_000, dotsPerCm2: 40, currentMa: 370, peakCurrentMa: 800, peakDurationUs: 100_000,
    motorCaseC: 75, leaseUs: 100_000)

  static let timing = Device.GetTiming.Reply(
    summary: timingSummary,
    histogram: [
      .init(upToUs: 64, wakes: 90_000), .init(upToUs: 128, wakes: 9_990), .init(upToUs: nil, wakes: 10),
    ],
    wokenBy: [.init(cause: .deadline, wakes: 100_000, systemCalls: 300_000)], sinceUs: noon)

  static let timingSummary = Device.TimingSummary(
    wakes: 100_000, misses: 2, p50Us: 60, p99Us: 128, p999Us: 250, maxUs: 1_250, eventsDropped: 0)

  static let interlocks = [
    Device.Interlock(name: "guard_closed", isSatisfied: true),
    Device.Interlock(
      name: "session", isSatisfied: false, hint: "no session is open: open one (stipplectl session open)"),
    Device.Interlock(
      name: "self_test", isSatisfied: false,
      hint: "the self-test has not passed since start: run it (stipplectl selftest)"),
  ]

  static let drive = Device.DriveLine(
    state: .verified, replies: 12_345, timeouts: 2, checksumErrors: 1, stale: 0, rejected: 0, resets: 0,
    connections: 1, losses: 0, discardedBytes: 9, lastReplyAgeUs: 4_000, longestRoundTripUs: 3_100)

  static let standby = Device.Status(
    state: .standby, needle: .home, faults: [], interlocks: interlocks, strokes: 0, dots: 0, limits: limits,
    temperatures: .init(), drive: drive, lease: .init(lengthUs: 100_000), timing: timingSummary, atUs: noon)

  static let running = Device.Status(
    state: .running, needle: .out, faults: [],
    interlocks: interlocks.map { .init(name: $0.name, isSatisfied: true) },
    profile: .init(
      name: "hairline-soft", mode: .dot, rateHz: 100, depthUm: 450, dwellUs: 2_000,
      version: 3, isConfirmed: true),
    zone: .init(name: "hairline", attributes: [], areaMm2: 1_200, dots: 213, dotsLimit: 480),
    session: .init(
      id: "20261121-1", kind: .client, client: "C-0042", openedAtUs: noon, cartridge: "3rl-030 LOT7",
      pigment: "Graphite cool B22"),
    strokes: 426, dots: 213, rateHz: 99.8, depthUm: 452, dwellUs: 2_100, limits: limits,
    temperatures: .init(motorCaseC: 41.5), drive: drive, lease: .init(lengthUs: 100_000, ageUs: 12_000),
    timing: timingSummary, atUs: noon + 22_250_000)

  static let fault = Device.Fault(
    code: "cartridge_removed", priority: .low,
    message: "The cartridge came out while torque was on. Fit a sterile one and register it.",
    sinceUs: noon + 65_000_000, evidence: ["CARTRIDGE_N=1"], isPresent: false)

  static var faulty: Device.Status {
    var status = running
    status.state = .fault
    status.needle = .unproved
    status.faults = [
      fault,
      Device.Fault(
        code: "needle_unproved", priority: .high, message: "Nothing proves the needle home. Treat it as out.",
        sinceUs: noon + 66_000_000, evidence: ["NEEDLE_HOME=0"], isPresent: true),
    ]
    (status.rateHz, status.depthUm, status.dwellUs) = (nil, nil, nil)
    status.atUs = noon + 67_000_000
    return status
  }

  static let summary = Sessions.Summary(
    id: "20261121-1", kind: .client, state: .open, client: "C-0042", openedAtUs: noon, strokes: 426, dots: 213
  )

  static let session = Sessions.Session(
    id: "20261121-1", kind: .client, state: .open, client: "C-0042", openedAtUs: noon, strokes: 426,
    dots: 213,
    motorOnMs: 3_723_000,
    zones: [
      .init(
        name: "hairline", attributes: [.thinning], areaMm2: 1_250, dots: 213, strokes: 426, dotsLimit: 500)
    ],
    currentZone: "hairline",
    cartridges: [
      .init(profile: "3rl-030", lot: "LOT7", expires: "2027-05-31", loadedAtUs: noon, strokes: 426)
    ],
    pigments: [
      .init(
        maker: "Inkworks", name: "Graphite", shade: "cool", batch: "B22", expires: "2027-01-31",
        dilutionPercent: 60, loadedAtUs: noon)
    ],
    profile: "hairline-soft",
    profiles: [
      .init(name: "hairline-soft", version: 2, fromAtUs: noon),
      .init(name: "hairline-soft", version: 3, fromAtUs: noon + 60_000_000),
      .init(name: "hairline-soft", version: 3, fromAtUs: noon + 90_000_000),
    ], faults: [], uncertain: [],
    file: "/var/lib/stipple/sessions/20261121-1.mcap.part")

  static let event = Sessions.Event(
    atUs: noon + 1_250_000, channel: "/dot", sequence: 7,
    data: ["dot": 7, "strokes": 2, "zone": "hairline", "note": "two words"])

  static let profile = Profiles.Profile(
    name: "hairline-soft", description: "Front rows, single dots", mode: .dot, rateHz: 100, depthUm: 450,
    dwellUs: 2_000, strokesPerDot: 2, dotRateHz: 2, cartridges: ["1rl-030"], zones: ["hairline"],
    isActive: true, version: 3, isConfirmed: true, changedBy: "uid 0", changedAtUs: noon,
    shippedVersion: 1, warnings: ["dwell 7 ms is more than the typical 4 ms"])

  static let proposal = Profiles.Proposal(
    ticket: "hairline-soft:4", name: "hairline-soft", version: 4, baseVersion: 3, by: "uid 0",
    process: "stipplectl", proposedAtUs: noon, leftMs: 60_000,
    differences: [
      .init(
        field: "depth", old: "0.45 mm", new: "0.5 mm", ceiling: "0.8 mm", ceilingSource: "cartridge '1rl-030'"
      ),
      .init(field: "zones", old: "[hairline]", new: "[hairline, frontal]"),
    ])

  static let versions = [
    Profiles.Version(
      version: 3, state: .confirmed, isCurrent: true, baseVersion: 1, changes: "rate 90 Hz → 100 Hz",
      by: "uid 0", atUs: noon, decidedBy: "uid 1000", decidedAtUs: noon, hash: hash),
    Profiles.Version(
      version: 2, state: .rolledBack, isCurrent: false, baseVersion: 1, changes: "depth 0.45 mm → 0.9 mm",
      by: "uid 1001", atUs: noon - 3_600_000_000, decidedBy: "stippled", decidedAtUs: noon - 3_540_000_000,
      reason: "it was not confirmed in time", hash: hash),
    Profiles.Version(
      version: 1, state: .shipped, isCurrent: false, changes: "", by: "stippled 0.1.0",
      atUs: noon - 86_400_000_000, decidedBy: "stippled 0.1.0", decidedAtUs: noon - 86_400_000_000, hash: hash
    ),
  ]

  static let machine = Device.Machine(
    name: "virtual-linear", description: "A handpiece that is only computed", drivetrain: .linear,
    isVirtual: true, lines: [.init(signal: "ESTOP_A", direction: .input, line: "0")], ceilings: limits,
    depthCeilings: .init(shallowUm: 1_000, deepUm: 1_350, benchUm: 2_000), periodUs: 1_000,
    isMemoryLocked: false, warnings: ["no real-time scheduling: run as a service"], version: "0.1.0")
}
