import Catalog
import ControlInterface
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
import Treatment
import Units

extension ProfilesHandler {
  func describe(_ shelved: ShelvedProfile, _ active: String?) -> Interface.Profile {
    let profile = shelved.profile
    let settings = profile.settings
    let isDot = settings.mode == .dot
    return Interface.Profile(
      name: profile.name, description: profile.summary, mode: isDot ? .dot : .continuous,
      rateHz: settings.rate.hertz, depthUm: Int(settings.depth.count),
      dwellUs: desk.machine.dwell(of: settings).microseconds,
      strokesPerDot: isDot ? Int(settings.strokesPerDot) : nil,
      dotRateHz: isDot && settings.dotRate > .zero ? settings.dotRate.hertz : nil,
      cartridges: profile.cartridges, zones: profile.zones.map(\.name), isActive: profile.name == active,
      version: Int(shelved.version.number), isConfirmed: shelved.isConfirmed,
      changedBy: shelved.version.actor, changedAtUs: shelved.version.at.microseconds,
      shippedVersion: shelved.otherShipped.map { Int($0) }, warnings: shelved.warnings)
  }

  func describe(_ change: ProposedChange) -> Interface.Proposal {
    Interface.Proposal(
      ticket: change.ticket, name: change.profile, version: Int(change.version),
      baseVersion: Int(change.basedOn), by: change.author.name, process: change.author.process,
      proposedAtUs: change.at.microseconds,
      leftMs: max(0, (change.deadline - clock.now()).milliseconds),
      differences: change.differences.map(describe))
  }

  func describe(_ difference: ProfileDifference) -> Interface.Difference {
    Interface.Difference(
      field: difference.field, old: difference.old, new: difference.new, ceiling: difference.ceiling,
      ceilingSource: difference.ceilingSource)
  }

  func describe(_ problem: ProfileProblem) -> Interface.Problem {
    Interface.Problem(
      line: problem.line, column: problem.column, message: problem.message, field: problem.field,
      value: problem.value, ceiling: problem.ceiling, isWarning: problem.severity == .warning)
  }

  func describe(_ version: ProfileVersion, isCurrent: Bool) -> Interface.Version {
    Interface.Version(
      version: Int(version.number),
      state: Interface.VersionState(rawValue: version.state.rawValue) ?? .confirmed, isCurrent: isCurrent,
      baseVersion: version.basedOn.map { Int($0) }, changes: version.changes, by: version.actor,
      atUs: version.at.microseconds, decidedBy: version.decidedBy,
      decidedAtUs: version.decidedAt?.microseconds, reason: version.reason.isEmpty ? nil : version.reason,
      hash: version.hash.description)
  }
}
