import DriveLink
import NeedleSafety
import StrokeControl
import Units
import VirtualHandpiece

extension Rehearsal {
  /// A rotary machine whose needle motor is on a VESC, number 10, and the depth axis on one behind it, number 11.
  static func vesc(seed: UInt64 = 1) -> Rehearsal {
    let machine = RotaryBench.machine
    let parameters = VESCLinkParameters(
      depth: VESCDepthParameters(controller: 11), needle: VESCNeedleParameters(controller: 10),
      lease: machine.lease)
    return Rehearsal(
      Plant(vescsOf: .rotary, seed: seed, at: Instant(sinceBoot: .seconds(10))), .vesc(VESCLink(parameters)),
      machine: machine, timeline: [], seed: seed, latency: .none)
  }

  /// A linear machine whose depth axis is on a VESC, number 11.
  static func linearVESC(seed: UInt64 = 1) -> Rehearsal {
    let parameters = VESCLinkParameters(
      depth: VESCDepthParameters(controller: 11), lease: Rehearsal.machine.lease)
    return Rehearsal(
      Plant(vescsOf: HandpieceParameters(), seed: seed, at: Instant(sinceBoot: .seconds(10))),
      .vesc(VESCLink(parameters)), machine: Rehearsal.machine, timeline: [], seed: seed, latency: .none)
  }
}
