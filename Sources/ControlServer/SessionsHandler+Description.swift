import Catalog
import ControlInterface
import NeedleSafety
import SessionLog
import StrokeControl
import Treatment
import Units

extension SessionsHandler {
  func describe(_ work: SessionWork) async -> Sessions.Session {
    let isCurrent = await desk.session?.id == work.id
    let settings = (try? await desk.settings(of: work.id)) ?? []
    let files = (try? await desk.files(of: work.id)) ?? []
    return Sessions.Session(
      id: work.id, kind: work.isBench ? .bench : .client, state: state(work), client: work.entry.client,
      plan: work.entry.plan.isEmpty ? nil : work.entry.plan,
      stage: work.entry.stage.flatMap { Sessions.Stage(rawValue: $0.rawValue) },
      openedAtUs: work.entry.openedAt.microseconds, closedAtUs: work.entry.closedAt?.microseconds,
      strokes: Int(clamping: work.strokes), dots: Int(clamping: work.dots),
      motorOnMs: isCurrent ? desk.status.motorOnUsed.milliseconds : work.entry.motorOn.milliseconds,
      zones: work.zones.map { describe($0, bench: work.isBench) }, currentZone: work.currentZone?.name,
      cartridges: work.cartridges.map(describe), pigments: work.pigments.map(describe),
      profile: isCurrent ? await desk.activeProfile : nil,
      profiles: settings.map {
        Sessions.ProfileUse(name: $0.profile, version: Int($0.version), fromAtUs: $0.from.microseconds)
      }, faults: work.faults.map(\.name),
      uncertain: work.uncertain.map {
        Sessions.UncertainInterval(
          firstStroke: Int(clamping: $0.firstStroke), lastStroke: Int(clamping: $0.lastStroke))
      }, file: work.entry.purgedAt == nil ? files.last ?? "" : "",
      purgedAtUs: work.entry.purgedAt?.microseconds)
  }

  func summary(_ work: SessionWork) -> Sessions.Summary {
    Sessions.Summary(
      id: work.id, kind: work.isBench ? .bench : .client, state: state(work), client: work.entry.client,
      openedAtUs: work.entry.openedAt.microseconds, closedAtUs: work.entry.closedAt?.microseconds,
      strokes: Int(clamping: max(work.strokes, work.entry.totals.strokes)),
      dots: Int(clamping: max(work.dots, work.entry.totals.dots)))
  }

  private func state(_ work: SessionWork) -> Sessions.SessionState {
    if work.isInterrupted { return .interrupted }
    return work.entry.closedAt == nil ? .open : .closed
  }

  func describe(_ zone: ZoneWork, bench: Bool) -> Sessions.Zone {
    Sessions.Zone(
      name: zone.zone.name,
      attributes: zone.attributes.names.compactMap(Sessions.ZoneAttribute.init(rawValue:)),
      areaMm2: Int(zone.area.count), dots: Int(zone.dots + zone.uncertainDots), strokes: Int(zone.strokes),
      dotsLimit: bench ? nil : Int(zone.budget), targetPerCm2: zone.target == 0 ? nil : Int(zone.target))
  }

  func describe(_ cartridge: CartridgeWork) -> Sessions.Cartridge {
    Sessions.Cartridge(
      profile: cartridge.profile, lot: cartridge.lot, expires: cartridge.expiry,
      loadedAtUs: cartridge.loadedAt.microseconds, strokes: Int(clamping: cartridge.strokes))
  }

  func describe(_ pigment: PigmentWork) -> Sessions.Pigment {
    Sessions.Pigment(
      maker: pigment.maker, name: pigment.name, shade: pigment.shade, batch: pigment.batch,
      expires: pigment.expiry, dilutionPercent: pigment.dilutionPercent,
      loadedAtUs: pigment.loadedAt.microseconds)
  }
}
