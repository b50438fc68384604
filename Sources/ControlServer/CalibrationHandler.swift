import Catalog
public import ControlInterface
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
public import Treatment
import Units
public import Varlink

/// Serves `org.stipple.Calibration`.
public struct CalibrationHandler: Calibration.Handler, DeskHandler {
  typealias Interface = Calibration
  private let desk: Desk
  let policy: RolePolicy
  var roleForChanges: RolePolicy.Role { .service }
  var neededState: String { "standby to begin (calibrate home), calibrating for everything else" }

  public init(desk: Desk, policy: RolePolicy) {
    self.desk = desk
    self.policy = policy
  }

  public func get(_: Calibration.Get.Parameters, _: CallContext) async throws -> Calibration.Get.Reply {
    let state = await desk.calibrationState
    return Calibration.Get.Reply(
      saved: state.saved.map(describe), isRequired: desk.machine.calibrationMaximumAge != nil,
      isGood: state.isGood)
  }

  public func home(_: Calibration.Home.Parameters, _ context: CallContext) async throws
    -> Calibration.Home.Reply
  {
    let author = try author(context)
    let depth = try await translated { try await desk.beginCalibration(by: author) }
    return Calibration.Home.Reply(measuredUm: Int(depth.count))
  }

  public func jogDepth(_ parameters: Calibration.JogDepth.Parameters, _ context: CallContext) async throws
    -> Calibration.JogDepth.Reply
  {
    let author = try author(context)
    guard let depth = Int32(exactly: parameters.depthUm) else {
      throw Calibration.InvalidValue(
        field: "depth_um", value: "\(parameters.depthUm)", limit: "0 to the bench's depth ceiling")
    }
    let measured = try await translated { try await desk.jog(to: Micrometres(depth), by: author) }
    return Calibration.JogDepth.Reply(measuredUm: Int(measured.count))
  }

  public func setZero(_: Calibration.SetZero.Parameters, _ context: CallContext) async throws
    -> Calibration.SetZero.Reply
  {
    let author = try author(context)
    let zero = try await translated { try await desk.setZero(by: author) }
    return Calibration.SetZero.Reply(zeroUm: Int(zero.count))
  }

  public func measure(
    _: Calibration.Measure.Parameters, _ replies: Replies<Calibration.Measure.Reply>, _ context: CallContext
  ) async throws -> Calibration.Measure.Reply {
    let author = try author(context)
    let parameters = desk.machine.parameters
    let figures = try await translated {
      try await desk.measure(by: author) { done, total in
        guard replies.areWelcome else { return }
        try await replies.send(Calibration.Measure.Reply(stepsDone: done, stepsTotal: total))
      }
    }
    let total = figures.points.count + (parameters.drivetrain.isRotary ? 0 : 1)
    return Calibration.Measure.Reply(
      stepsDone: total, stepsTotal: total, figures: describe(figures, on: parameters))
  }

  public func save(_: Calibration.Save.Parameters, _ context: CallContext) async throws
    -> Calibration.Save.Reply
  {
    let author = try author(context)
    let saved = try await translated { try await desk.saveCalibration(by: author) }
    return Calibration.Save.Reply(saved: describe(saved))
  }

  private func describe(_ figures: CalibrationFigures, on machine: MachineParameters) -> Calibration.Figures {
    Calibration.Figures(
      points: figures.points.map {
        Calibration.Point(
          commandedUm: Int($0.commanded.count), measuredUm: Int($0.measured.count),
          extendUs: $0.extendTravel.map(fractionOfMicroseconds),
          retractUs: $0.retractTravel.map(fractionOfMicroseconds))
      }, offsetUm: figures.fit?.offset, slope: figures.fit?.slope,
      worstResidualUm: figures.worstResidual.map { Int($0.count) },
      oneShotUs: figures.oneShot.map(fractionOfMicroseconds), problems: figures.problems(on: machine))
  }

  private func describe(_ saved: CalibrationEntry) -> Calibration.Saved {
    Calibration.Saved(
      atUs: saved.at.microseconds, actor: saved.actor, machine: saved.machine, zeroUm: Int(saved.zero.count),
      oneShotUs: saved.oneShot.map(fractionOfMicroseconds), hash: saved.hash.description)
  }

  private func fractionOfMicroseconds(_ time: Nanoseconds) -> Double { Double(time.count) / 1_000 }
}
