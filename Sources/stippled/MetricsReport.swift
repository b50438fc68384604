import ControlLoop
import Glibc
import NeedleSafety
import OpenMetrics
import SessionLog
import StrokeControl
import Treatment
import Units

/// The daemon's figures as metric families. No word of clients, sessions or zones: they leave the board.
struct MetricsReport {
  var machine: String
  var version: String
  var status: ControllerStatus
  var statistics: LoopStatistics
  var tally: Tally
  /// "client" or "bench"; `nil` without a session.
  var session: String?
  /// Bytes for the records; `nil` where the file system does not say.
  var disk: DiskRoom?

  typealias Sample = MetricFamily.Sample
  typealias Label = MetricFamily.Label

  var families: [MetricFamily] { identity + needle + loop + drive + storage }

  private var identity: [MetricFamily] {
    [
      .gauge(
        "stipple_build_info", help: "The daemon and the machine profile it runs; always 1.",
        [Sample(1, [Label("version", version), Label("machine", machine)])])
    ]
  }

  private var needle: [MetricFamily] {
    [
      .counter("stipple_strokes", help: "Needle strokes since the daemon started.", [count(tally.strokes)]),
      .counter("stipple_dots", help: "Dots since the daemon started.", [count(tally.dots)]),
      .counter(
        "stipple_faults", help: "Faults latched since the daemon started, by code.",
        FaultCode.allCases.map { code in
          Sample(
            Double(tally.faults[code] ?? 0),
            [Label("code", code.name), Label("priority", code.priority.name)])
        }),
      .gauge(
        "stipple_fault_active", help: "1 for each fault that is latched now.",
        FaultCode.allCases.map { Sample(status.faults.contains($0) ? 1 : 0, [Label("code", $0.name)]) }),
      .gauge(
        "stipple_state", help: "1 for the state of the machine's life that it is in.",
        LifecycleState.allCases.map { Sample(status.state == $0 ? 1 : 0, [Label("state", $0.name)]) }),
      .gauge(
        "stipple_needle", help: "1 for what is known of the needle.",
        NeedleState.allCases.map { Sample(status.needle == $0 ? 1 : 0, [Label("position", $0.name)]) }),
      .gauge(
        "stipple_arm_condition", help: "1 for each condition to arm that is met.",
        ArmCondition.allCases.map { Sample(status.unmet.has($0) ? 0 : 1, [Label("condition", $0.name)]) }),
      .gauge(
        "stipple_session_open", help: "1 while a session of this kind is open.",
        ["client", "bench"].map { Sample(session == $0 ? 1 : 0, [Label("kind", $0)]) }),
      .gauge(
        "stipple_motor_on_seconds", help: "Time the motor was on in the session at hand.", unit: "seconds",
        [seconds(status.motorOnUsed)]),
    ]
  }

  private var loop: [MetricFamily] {
    var seen: UInt64 = 0
    let buckets = (0..<24).map { slot in
      seen += statistics.latenessMicroseconds[slot]
      let bound = slot == 23 ? Double.infinity : Double(UInt64(1) << UInt64(slot)) / 1_000_000
      return MetricFamily.Bucket(upTo: bound, seen)
    }
    let causes = LoopStatistics.Cause.allCases
    return [
      .histogram(
        "stipple_wake_latency_seconds", help: "How late the control loop woke after its deadline.",
        unit: "seconds", buckets, sum: Double(statistics.totalLateness.count) / 1e9),
      .gauge(
        "stipple_wake_latency_worst_seconds", help: "The latest wake since the daemon started.",
        unit: "seconds", [seconds(statistics.worst)]),
      .counter(
        "stipple_wakes", help: "Wakes of the control loop by cause.",
        causes.map { Sample(Double(statistics.wakes[$0.rawValue]), [Label("cause", "\($0)")]) }),
      .counter(
        "stipple_events_dropped", help: "Events of the loop that the record has no room for.",
        [count(statistics.droppedEvents)]),
    ]
  }

  private var drive: [MetricFamily] {
    let line = statistics.drive
    var families: [MetricFamily] = [
      .gauge(
        "stipple_drive_link_up", help: "1 while the drive answers and its settings are verified.",
        [Sample(status.drive.link == .verified ? 1 : 0)]),
      .counter(
        "stipple_drive_link_errors",
        help: "What went wrong on the line to the drive since the daemon started, by kind.",
        [
          ("timeout", line.timeouts), ("checksum", line.checksumErrors), ("stale", line.stale),
          ("rejected", line.rejected), ("reset", line.resets), ("loss", line.losses),
        ].map { Sample(Double($0.1), [Label("kind", $0.0)]) }),
    ]
    if let temperature = status.drive.temperature {
      families.append(
        .gauge(
          "stipple_motor_temperature_celsius", help: "The motor's case, as the drive measures it.",
          unit: "celsius", [Sample(Double(temperature.count) / 10)]))
    }
    return families
  }

  private var storage: [MetricFamily] {
    guard let disk else { return [] }
    return [
      .gauge(
        "stipple_disk_free_bytes", help: "Room for records that the daemon's user may fill.", unit: "bytes",
        [count(disk.free)]),
      .gauge(
        "stipple_disk_size_bytes", help: "Size of the file system with the records.", unit: "bytes",
        [count(disk.size)]),
    ]
  }

  private func count(_ count: UInt64) -> Sample { Sample(Double(count)) }
  private func seconds(_ span: Nanoseconds) -> Sample { Sample(Double(span.count) / 1e9) }
}
