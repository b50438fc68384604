import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// A drive's link and the virtual drive of a rotary machine on one line in virtual time, with a cam that follows the motor's
/// demand along its ramp and coasts without torque.
struct RotaryBench {
  var link: LinkedDrive
  var drive: VirtualDrive
  var now: Instant
  /// The line is cut, from the host and to the host.
  var isCut = false
  /// Revolutions of the cam per second.
  private(set) var camRate = 0.0
  private(set) var rejections = 0
  /// Frames of the host since ``forget()``, and how often the link went down or was found moving.
  private(set) var sent: [(at: Instant, bytes: [UInt8])] = []
  private(set) var losses = 0
  private(set) var foundMoving = 0
  private var wasVerified = false
  /// How fast a cam without torque slows down, revolutions per second squared.
  static let friction = 200.0
  private static let tick = Nanoseconds.microseconds(500)

  init(link: LinkedDrive, drive: VirtualDrive) {
    self.link = link
    self.drive = drive
    now = .boot
  }

  var feedback: DriveFeedback { mutating get { link.feedback } }

  /// What one wake of the loop does.
  mutating func wake(_ command: DriveCommand = .none) {
    var bytes = drive.transmit(at: now)
    while bytes.count > 0 {
      if !isCut { link.receive(bytes, at: now) }
      bytes = drive.transmit(at: now)
    }
    if feedback.rejected { rejections += 1 }
    if feedback.foundMoving { foundMoving += 1 }
    link.request(command, at: now)
    var frames = 0
    while let frame = link.nextFrame(at: now) {
      frames += 1
      sent.append((now, (0..<frame.count).map { frame[$0] }))
      if !isCut { drive.receive(frame, at: now) }
      guard frames <= 4 else {
        Issue.record("more than four frames in the wake at \(now.sinceBoot.count) ns")
        break
      }
    }
    if wasVerified, feedback.link != .verified { losses += 1 }
    wasVerified = feedback.link == .verified
  }

  mutating func run(for duration: Nanoseconds) { run(until: now + duration) { _ in false } }

  /// Runs until `condition` holds, `end` at the latest; whether it came to hold. The loop wakes at the link's deadlines and when
  /// bytes come; the cam moves in steps of half a millisecond.
  @discardableResult
  mutating func run(until end: Instant, or condition: (inout Self) -> Bool) -> Bool {
    var stuck = 0
    while true {
      wake()
      if condition(&self) { return true }
      if now >= end { return false }
      let next = link.deadline.earlier(of: drive.nextEvent).earlier(of: end)
      if next <= now {
        stuck += 1
        guard stuck < 12 else {
          Issue.record("the link wants to wake for ever at \(now.sinceBoot.count) ns")
          return false
        }
        continue
      }
      stuck = 0
      pass(until: next)
    }
  }

  /// Lets the cam and the drive live on; the link does nothing.
  mutating func pass(until end: Instant) {
    while now < end {
      let next = (now + Self.tick).earlier(of: end)
      turnCam(for: next - now)
      now = next
      drive.setCamRate(Millihertz(Int32((camRate * 1_000).rounded())))
      drive.advance(to: now)
    }
  }

  private mutating func turnCam(for time: Nanoseconds) {
    let seconds = Double(time.count) / 1e9
    switch drive.camDemand {
    case .run(let rate, let acceleration) where drive.hasTorque:
      let wanted = Double(rate.count) / 1_000
      let most = Double(acceleration) * seconds
      camRate += min(most, max(-most, wanted - camRate))
    case .run, .free: camRate = max(0, camRate - Self.friction * seconds)
    }
  }

  /// A second is plenty to connect.
  mutating func connect() {
    let connected = run(until: now + .seconds(1)) { $0.feedback.link == .verified }
    #expect(connected, "not verified, \(feedback.link.name)")
  }

  /// Connected, and the axis has found its zero.
  mutating func prepare() {
    connect()
    wake(.reference)
    let found = run(until: now + .seconds(5)) { $0.feedback.referenced }
    #expect(found, "not referenced")
  }

  /// Commands a rate and waits for it to be measured.
  mutating func spin(to hertz: Int32) {
    wake(.spin(.hertz(hertz)))
    let reached = run(until: now + .seconds(2)) {
      guard let rate = $0.feedback.rate else { return false }
      return $0.feedback.commandedRate == .hertz(hertz) && abs(rate.count - hertz * 1_000) <= 20
    }
    #expect(reached, "\(feedback.rate.map(\.description) ?? "no rate") instead of \(hertz) Hz")
  }

  mutating func forget() {
    rejections = 0
    losses = 0
    foundMoving = 0
    sent = []
  }
}
