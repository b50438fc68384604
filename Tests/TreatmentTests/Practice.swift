import Catalog
import ControlLoop
import DriveLink
import Foundation
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
import Synchronization
import Units
import VirtualHandpiece

@testable import Treatment

/// A practice in virtual time: the shipped desk, loop and controller, the virtual handpiece, a real folder with a real catalog.
///
/// While something is asked of the desk, the machine's time passes millisecond by millisecond and the desk looks at the loop in
/// between, as it does in the daemon.
final class Practice {
  let desk: Desk
  let clock: TreatmentClock
  let bridge: LoopBridge
  let folder: TemporaryFolder
  private var loop: ControlLoop<SimulatedMachine>
  private let time: SharedTime

  /// Virtual time that the desk's clock reads.
  final class SharedTime: Sendable {
    let nanoseconds = Atomic<Int64>(0)
  }

  static let author = Author(userID: 1_000, groupID: 1_000, processID: 1, process: "test", role: "technician")
  static let shippedProfiles = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Firmware-Profiles").path
  /// 2026-06-01T09:00:00Z, when the board boots.
  static let bootTime = WallTime(sinceEpoch: .seconds(1_780_304_400))

  /// - Parameters:
  ///   - folder: where an earlier practice left its state, or a new one.
  ///   - boot: what the calendar says when the machine boots.
  ///   - profiles: the folder with `cartridges/` and `needles/`; the shipped ones when left out.
  ///   - clockIsKept: whether a time server or a battery clock has set the calendar.
  init(
    folder: TemporaryFolder, boot: WallTime = Practice.bootTime, profiles: String = Practice.shippedProfiles,
    clockIsKept: Bool = true, bootIdentifier: String = "boot-1"
  ) async throws {
    self.folder = folder
    let machine = try needed(
      MachineProfile.load(file: Self.shippedProfiles + "/machines/virtual-linear.yaml").profile)
    let library = ProfileLibrary.load(directory: profiles, machine: machine)
    let start = Instant(sinceBoot: .seconds(10))
    let controller = Controller(parameters: machine.parameters)
    bridge = LoopBridge(status: controller.status) {}
    let link = TMCLLink(TMCLLinkParameters(family: .tmcm1240, lease: machine.timing.lease))
    let board = SimulatedMachine(plant: Plant(seed: 1, at: start), seed: 1)
    loop = ControlLoop(machine: board, controller: controller, drive: .tmcl(link), bridge: bridge)
    loop.findOutputsAtPowerUp()
    let time = SharedTime()
    time.nanoseconds.store(start.sinceBoot.count, ordering: .relaxed)
    self.time = time
    let now: @Sendable () -> Instant = {
      Instant(sinceBoot: Nanoseconds(time.nanoseconds.load(ordering: .relaxed)))
    }
    clock = TreatmentClock(now: now, wall: { boot + now().sinceBoot }, isKept: { clockIsKept })
    desk = Desk(
      Desk.Configuration(
        machine: machine, library: library, stateFolder: folder.path, software: "test", host: "test",
        hasRealTime: true, bootIdentifier: bootIdentifier),
      bridge: bridge, catalog: try Catalog(path: folder.path + "/catalog.sqlite"),
      clock: clock
    ) { _ in }
    await desk.prepare()
    try await pass(.seconds(2))
  }

  var depthStop: Micrometres { loop.machine.plant.handpiece.depthStop }
  var truth: GroundTruth { loop.machine.plant.handpiece.truth }

  /// Lets the machine's time pass, the desk looking on every 20 ms.
  func pass(_ stretch: Nanoseconds) async throws {
    var left = stretch
    while left > .zero {
      step(.milliseconds(20))
      await desk.tick()
      await finishSync()
      left -= .milliseconds(20)
    }
  }

  /// A sync takes the disk's own time, in which none of the machine's passes: virtual time does not wait for it by itself, and
  /// a busy disk would look like a record that has fallen behind by seconds.
  private func finishSync() async {
    while await desk.isSyncing { try? await Task.sleep(for: .microseconds(100)) }
  }

  /// Asks something of the desk and lets time pass until it has answered.
  func asking<Value: Sendable>(_ question: @escaping @Sendable (Desk) async throws -> Value) async throws
    -> Value
  {
    let desk = desk
    let isAnswered = SharedTime()
    let answer = Task {
      defer { isAnswered.nanoseconds.store(1, ordering: .releasing) }
      return try await question(desk)
    }
    while isAnswered.nanoseconds.load(ordering: .acquiring) == 0 {
      step(.milliseconds(1))
      await desk.tick()
      await finishSync()
      await Task.yield()
    }
    return try await answer.value
  }

  func perform(_ action: PersonAction) async throws {
    loop.machine.timeline.add(Timeline.Entry(at: loop.machine.now, .person(action)))
    try await pass(.milliseconds(20))
  }

  /// Lets the machine's time pass without the desk.
  func passUnwatched(_ stretch: Nanoseconds) { step(stretch) }

  private func step(_ stretch: Nanoseconds) {
    let end = loop.machine.now + stretch
    loop.machine.timeline.add(Timeline.Entry(at: end, .wake))
    while loop.machine.now < end {
      loop.turn()
      time.nanoseconds.store(loop.machine.now.sinceBoot.count, ordering: .relaxed)
    }
  }

  /// Everything up to an armed machine in the hairline.
  func armInHairline() async throws {
    try await openForClient()
    _ = try await asking {
      try await $0.setZone(.hairline, attributes: nil, area: .squareCentimetres(12), by: Practice.author)
    }
    _ = try await asking { try await $0.activate("hairline-soft", by: Practice.author) }
    try await loadMaterials()
    try await asking { try await $0.arm(by: Practice.author) }
  }

  /// A session for a client, who is registered the first time.
  @discardableResult
  func openForClient(_ code: String = "K-1") async throws -> (session: SessionWork, warnings: [String]) {
    if try await desk.clients(limit: 100).allSatisfy({ $0.code != code }) {
      _ = try await asking { try await $0.createClient(code, by: Practice.author) }
    }
    return try await asking { try await $0.open(client: code, by: Practice.author) }
  }

  func loadMaterials() async throws {
    _ = try await asking {
      try await $0.loadCartridge(profile: "1rl-030", lot: "C1", expires: "2027-01-01", by: Practice.author)
    }
    _ = try await asking {
      try await $0.loadPigment(
        maker: "Nordlys", name: "Graphite", shade: "3", batch: "P1", expires: "2027-01-01",
        dilutionPercent: 60,
        by: Practice.author)
    }
  }
}

extension Desk {
  fileprivate var isSyncing: Bool { keeper?.isSyncing ?? false }
}

/// A state folder that goes when the last practice that used it is gone.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory.appending(path: "stipple-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path + "/sessions", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// What a test cannot go on without.
struct Missing: Error {}
func needed<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
}
