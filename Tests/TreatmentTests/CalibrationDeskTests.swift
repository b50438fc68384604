import Catalog
import ControlLoop
import NeedleSafety
import Profiles
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@testable import Treatment

@Suite struct CalibrationDeskTests {
  private func measured(_ practice: Practice) async throws -> CalibrationFigures {
    try await practice.perform(.cartridge(seated: true))
    try await practice.pass(.seconds(1))
    _ = try await practice.asking { try await $0.beginCalibration(by: Practice.author) }
    return try await practice.asking { try await $0.measure(by: Practice.author) { _, _ in } }
  }

  // The handpiece's page: 0.906 ms out and 0.896 ms home at 2 mm; a one-shot of 15 ms.
  @Test func fiveDepthsAndTheOneShotAreMeasuredFittedAndSaved() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let figures = try await measured(practice)
    #expect(figures.points.map(\.commanded.count) == [400, 800, 1_200, 1_600, 2_000])
    let fit = try #require(figures.fit)
    #expect(abs(fit.slope - 1) < 0.02 && abs(fit.offset) < 20, "\(fit)")
    #expect(try #require(figures.worstResidual) <= Micrometres(50))
    #expect(abs((figures.longestExtend ?? .zero).count - 906_025) < 20_000)
    #expect(try #require(figures.oneShot) > .milliseconds(15))
    #expect(figures.problems(on: practice.desk.machine.parameters) == [])
    let saved = try await practice.asking { try await $0.saveCalibration(by: Practice.author) }
    #expect(saved.oneShotIsProved)
    #expect(try saved.isIntact())
    try await practice.pass(.seconds(1))
    #expect(practice.bridge.status.read().state == .standby)
    #expect(!practice.bridge.status.read().outputs.isHigh(.torqueEnableA))
  }

  @Test func theZeroOutlivesTheProcess() async throws {
    let folder = try TemporaryFolder()
    var zero = Micrometres.zero
    do {
      let practice = try await Practice(folder: folder)
      try await practice.perform(.cartridge(seated: true))
      try await practice.pass(.seconds(1))
      _ = try await practice.asking { try await $0.beginCalibration(by: Practice.author) }
      _ = try await practice.asking { try await $0.jog(to: Micrometres(100), by: Practice.author) }
      zero = try await practice.asking { try await $0.setZero(by: Practice.author) }
      #expect(abs(zero.count - 100) <= 20)
      let figures = try await practice.asking { try await $0.measure(by: Practice.author) { _, _ in } }
      #expect(
        figures.points.last?.commanded == Micrometres(2_000) - zero, "the axis's range ends where it did")
      _ = try await practice.asking { try await $0.saveCalibration(by: Practice.author) }
    }
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .hours(1))
    await practice.desk.takeUpCalibration()
    try await practice.perform(.cartridge(seated: true))
    try await practice.pass(.seconds(1))
    _ = try await practice.asking { try await $0.beginCalibration(by: Practice.author) }
    _ = try await practice.asking { try await $0.jog(to: Micrometres(500), by: Practice.author) }
    let stop = practice.depthStop
    #expect(abs(stop.count - 500 - zero.count) <= 50, "\(stop)")
  }

  @Test func figuresOfAMachineThatIsNotAsItsProfileSaysAreNotSaved() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.perform(.cartridge(seated: true))
    try await practice.pass(.seconds(1))
    _ = try await practice.asking { try await $0.beginCalibration(by: Practice.author) }
    try await practice.perform(.inject(.handpiece(.oneShotPassesThrough), after: .zero))
    let figures = try await practice.asking { try await $0.measure(by: Practice.author) { _, _ in } }
    #expect(figures.oneShot == nil)
    await #expect(throws: TreatmentError.self) {
      _ = try await practice.asking { try await $0.saveCalibration(by: Practice.author) }
    }
  }

  @Test func nothingIsSavedThatWasNotMeasured() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    await #expect(throws: TreatmentError.wrongSession(is: "nothing was measured", needed: "measure first")) {
      _ = try await practice.asking { try await $0.saveCalibration(by: Practice.author) }
    }
  }
}
