import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// A link and a virtual module on one line in virtual time. Bytes from the host arrive at once; the module's delay stands
/// for both directions.
struct TMCLBench {
  var link: TMCLLink
  var device: TMCLDevice
  var now: Instant
  /// The line is cut, from the host and to the host.
  var cutOut = false
  var cutIn = false
  /// Share of the host's frames with one flipped bit, in millionths, and where the randomness comes from.
  var damagedPerMillion: UInt64 = 0
  var noise: SplitMix
  /// How often the feedback said `rejected`, and the frames the host sent.
  private(set) var rejections = 0
  private(set) var sent: [(at: Instant, request: TMCLRequest)] = []
  /// When the link first was in this state since it was last cleared.
  private(set) var verifiedAt: Instant?
  private(set) var downAt: Instant?

  init(
    family: TMCLModuleFamily = .tmcm1240, lease: Nanoseconds = .milliseconds(100), seed: UInt64 = 1,
    change: (inout TMCLLinkParameters) -> Void = { _ in }
  ) {
    var parameters = TMCLLinkParameters(family: family, lease: lease)
    change(&parameters)
    link = TMCLLink(parameters)
    device = TMCLDevice(TMCLDeviceParameters(family: family), at: .boot, seed: seed)
    now = .boot
    noise = SplitMix(state: seed)
  }

  var feedback: DriveFeedback { link.feedback }

  /// What one wake of the loop does, at most once per instant and command.
  mutating func wake(_ command: DriveCommand = .none) {
    var bytes = device.transmit(at: now)
    while bytes.count > 0 {
      if !cutIn { link.receive(bytes, at: now) }
      bytes = device.transmit(at: now)
    }
    if link.feedback.rejected { rejections += 1 }
    link.request(command, at: now)
    var frames = 0
    while let frame = link.nextFrame(at: now) {
      frames += 1
      record(frame)
      if !cutOut { device.receive(damaged(frame), at: now) }
    }
    #expect(frames <= 2, "more than two frames in the wake at \(now.sinceBoot.count) ns")
    if link.feedback.link == .verified, verifiedAt == nil { verifiedAt = now }
    if link.feedback.link == .down, downAt == nil { downAt = now }
  }

  /// Lets `duration` pass; the loop wakes at the link's deadlines and when bytes come, and not otherwise.
  mutating func run(for duration: Nanoseconds) { run(until: now + duration) }

  mutating func run(until end: Instant) {
    run(until: end) { _ in false }
  }

  /// Runs until `condition` holds, `end` at the latest; whether it came to hold.
  @discardableResult
  mutating func run(until end: Instant, or condition: (inout Self) -> Bool) -> Bool {
    var stuck = 0
    while true {
      wake()
      if condition(&self) { return true }
      let next = link.deadline.earlier(of: device.nextEvent).earlier(of: end)
      if next <= now {
        if now >= end { return false }
        stuck += 1
        guard stuck < 8 else {
          Issue.record("the link wants to wake for ever at \(now.sinceBoot.count) ns")
          return false
        }
      } else {
        stuck = 0
        now = next
        device.advance(to: now)
      }
      if now >= end {
        wake()
        return condition(&self)
      }
    }
  }

  /// A second is plenty to connect.
  mutating func connect() {
    let connected = run(until: now + .seconds(1)) { $0.feedback.link == .verified }
    #expect(connected, "not verified, \(link.feedback.link.name)")
  }

  /// Connected, and the axis has found its zero.
  mutating func prepare() {
    connect()
    wake(.reference)
    let found = run(until: now + .seconds(5)) { $0.feedback.referenced }
    #expect(found, "not referenced")
  }

  /// Commands a depth and waits for it to be measured.
  mutating func move(to depth: Int32) {
    wake(.moveDepth(Micrometres(depth)))
    let arrived = run(until: now + .seconds(5)) { $0.feedback.depth == Micrometres(depth) }
    #expect(arrived, "did not reach \(depth) µm")
  }

  mutating func forget() {
    verifiedAt = nil
    downAt = nil
    rejections = 0
    sent = []
  }

  /// The true depth, in µm.
  var trueDepth: Int32 { device.depth(microstepsPerMillimetre: 51_200).count }

  private mutating func damaged(_ bytes: SerialBytes) -> SerialBytes {
    guard damagedPerMillion > 0, noise.next() % 1_000_000 < damagedPerMillion else { return bytes }
    let place = Int(noise.next() % UInt64(bytes.count))
    let flip = UInt8(1) << UInt8(noise.next() % 8)
    var changed = SerialBytes()
    for index in 0..<bytes.count { changed.append(index == place ? bytes[index] ^ flip : bytes[index]) }
    return changed
  }

  private mutating func record(_ bytes: SerialBytes) {
    var frame = TMCLFrame()
    for index in 0..<9 { frame[index] = bytes[index] }
    guard bytes.count == 9, let request = TMCLRequest(frame) else {
      Issue.record("a frame that is not a request was sent")
      return
    }
    sent.append((now, request))
  }
}

/// An instant so many microseconds after boot.
func microseconds(_ count: Int64) -> Instant { .boot + .microseconds(count) }
