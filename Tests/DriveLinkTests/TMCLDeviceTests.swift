import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// A module that has booted, and somebody who asks it one thing after another.
struct Questioner {
  var device = TMCLDevice(at: .boot)
  var now = microseconds(300_000)

  /// Sends one request and waits 2 ms for its reply.
  mutating func ask(
    _ instruction: TMCLInstruction, _ type: UInt8 = 0, motor: UInt8 = 0, _ value: Int32 = 0
  ) -> TMCLReply? {
    send(TMCLRequest(address: 1, instruction, type: type, motor: motor, value: value).frame)
    let bytes = listen()
    return bytes.count == 9 ? TMCLReply(TMCLCodecTests.frame(bytes)) : nil
  }

  mutating func send(_ frame: TMCLFrame) { device.receive(frame.bytes, at: now) }

  mutating func listen() -> [UInt8] {
    now += .milliseconds(2)
    let bytes = device.transmit(at: now)
    return (0..<bytes.count).map { bytes[$0] }
  }
}

@Suite("Virtual TMCL module") struct TMCLDeviceTests {
  @Test("The published request gets the published reply") func vector() {
    var questioner = Questioner()
    questioner.send(TMCLCodecTests.frame([0x01, 0x04, 0x00, 0x00, 0x00, 0x00, 0x03, 0xE8, 0xF0]))
    #expect(questioner.listen() == [0x02, 0x01, 0x64, 0x04, 0x00, 0x00, 0x03, 0xE8, 0x56])
  }

  @Test("The reply is complete after the reply delay and not before") func replyDelay() {
    var device = TMCLDevice(at: .boot)
    let request = TMCLRequest(address: 1, .getAxis, type: 1, motor: 0, value: 0)
    device.receive(request.frame.bytes, at: microseconds(300_000))
    #expect(device.nextEvent == microseconds(301_800))
    #expect(device.transmit(at: microseconds(301_799)).count == 0)
    #expect(device.transmit(at: microseconds(301_800)).count == 9)
  }

  @Test("Errors are answered with the codes of the manuals") func errors() {
    var questioner = Questioner()
    #expect(questioner.ask(TMCLInstruction(99))?.status == .invalidCommand)
    #expect(questioner.ask(.getAxis, 250)?.status == .wrongType)
    #expect(questioner.ask(.setAxis, 6, 256)?.status == .invalidValue)
    #expect(questioner.ask(.setAxis, 3, 1)?.status == .wrongType)
    #expect(questioner.ask(.getAxis, 1, motor: 1)?.status == .invalidValue)
    #expect(questioner.ask(.getGlobal, 200)?.status == .wrongType)
    #expect(questioner.device.refusals == 6)
    var damaged = TMCLRequest(address: 1, .getAxis, type: 1, motor: 0, value: 0).frame
    damaged[8] ^= 0x10
    questioner.send(damaged)
    #expect(questioner.listen()[2] == 1)
  }

  @Test("Requests to another address are not answered") func otherAddress() {
    var questioner = Questioner()
    questioner.send(TMCLRequest(address: 5, .getAxis, type: 1, motor: 0, value: 0).frame)
    #expect(questioner.listen().isEmpty)
  }

  @Test("A torn request is forgotten after the telegram pause") func tornRequest() {
    var questioner = Questioner()
    for byte: UInt8 in [1, 6, 1] { questioner.device.receive(byte, at: questioner.now) }
    questioner.now += .microseconds(5_001)
    #expect(questioner.ask(.getAxis, 1)?.status == .success)
  }

  @Test("The version comes as text without a checksum and as a number") func version() {
    var questioner = Questioner()
    #expect(questioner.ask(.firmwareVersion, 1)?.value == 0x04D8_012D)
    questioner.send(TMCLRequest(address: 1, .firmwareVersion, type: 0, motor: 0, value: 0).frame)
    #expect(questioner.listen() == [2] + Array("1240V145".utf8))
  }

  @Test("A restart loses what was not stored, is silent while it boots, and counts its milliseconds anew")
  func restart() {
    var questioner = Questioner()
    #expect(questioner.ask(.getGlobal, 132)?.value == 300)
    _ = questioner.ask(.setAxis, 6, 99)
    _ = questioner.ask(.setAxis, 7, 33)
    _ = questioner.ask(.storeAxis, 7)
    questioner.device.restart(at: questioner.now)
    questioner.now += .milliseconds(199)
    #expect(questioner.ask(.getAxis, 6) == nil)
    #expect(questioner.ask(.getAxis, 6)?.value == 128)
    #expect(questioner.ask(.getAxis, 7)?.value == 33)
    #expect(questioner.ask(.getGlobal, 132)?.value == 5)
  }
}

@Suite("Depth axis") struct DepthAxisTests {
  /// 256,000 microsteps/s and 2,560,000 microsteps/s²: 100 ms to full speed, over 12,800 microsteps.
  static func moving(to target: Double) -> DepthAxis {
    var axis = DepthAxis(physicalPosition: 0, at: .boot)
    axis.move(to: target, maximumSpeed: 256_000, acceleration: 2_560_000)
    return axis
  }

  @Test("A long move takes two ramps and a cruise") func trapezoid() {
    var axis = Self.moving(to: 51_200)
    #expect(axis.nextChange == microseconds(300_000))
    axis.advance(to: microseconds(100_000))
    #expect(axis.counter.rounded() == 12_800)
    #expect(axis.speed.rounded() == 256_000)
    axis.advance(to: microseconds(200_000))
    #expect(axis.counter.rounded() == 38_400)
    axis.advance(to: microseconds(300_000))
    #expect(axis.counter == 51_200)
    #expect(axis.speed == 0)
    #expect(axis.hasArrived)
  }

  @Test("A short move never reaches full speed") func triangle() {
    var axis = Self.moving(to: 6_400)
    #expect(axis.nextChange == microseconds(100_000))
    axis.advance(to: microseconds(50_000))
    #expect(axis.counter.rounded() == 3_200)
    #expect(axis.speed.rounded() == 128_000)
    axis.advance(to: microseconds(100_000))
    #expect(axis.counter == 6_400)
  }

  @Test("Where it is does not depend on how often time is advanced") func stepsDoNotMatter() {
    var coarse = Self.moving(to: 51_200)
    var fine = Self.moving(to: 51_200)
    for step in 1...400 { fine.advance(to: microseconds(Int64(step) * 617)) }
    coarse.advance(to: microseconds(400 * 617))
    #expect(fine.counter == coarse.counter)
    #expect(fine.speed == coarse.speed)
  }

  @Test("A new target on the way is reached without a jump", arguments: [-1_000.0, 2_000, 20_000, 60_000])
  func retarget(target: Double) {
    var axis = Self.moving(to: 51_200)
    axis.advance(to: microseconds(120_000))
    let place = axis.counter
    axis.move(to: target, maximumSpeed: 256_000, acceleration: 2_560_000)
    #expect(axis.counter == place)
    var previous = place
    for step in 1...3_000 {
      axis.advance(to: microseconds(120_000 + Int64(step) * 1_000))
      #expect((axis.counter - previous).magnitude <= 257)
      previous = axis.counter
    }
    #expect(axis.counter == target)
  }

  @Test("Without torque it stands, and with torque again it does not move by itself") func torque() {
    var axis = Self.moving(to: 51_200)
    axis.advance(to: microseconds(150_000))
    axis.setTorque(false)
    let place = axis.counter
    axis.advance(to: microseconds(500_000))
    #expect(axis.counter == place)
    axis.setTorque(true)
    axis.advance(to: microseconds(900_000))
    #expect(axis.counter == place)
    #expect(axis.speed == 0)
  }

  @Test("A search that loses torque goes on when it comes back, and ends at the switch")
  func searchAndTorque() {
    var axis = DepthAxis(physicalPosition: 25_600, at: .boot)
    axis.search(searchSpeed: 102_400, switchSpeed: 10_240, acceleration: 2_560_000)
    axis.advance(to: microseconds(100_000))
    axis.setTorque(false)
    axis.advance(to: microseconds(2_000_000))
    #expect(axis.isSearching)
    axis.setTorque(true)
    axis.advance(to: microseconds(4_000_000))
    #expect(!axis.isSearching)
    #expect(axis.physicalPosition == 0)
    #expect(axis.counter == 0)
  }
}
