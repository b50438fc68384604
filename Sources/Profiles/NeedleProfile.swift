public import NeedleSafety

/// A technician's profile: how the needle strokes, and with which cartridges and in which zones it may be used.
public struct NeedleProfile: Equatable, Sendable {
  public let name: String
  /// One line for a person.
  public let summary: String
  public let settings: StrokeSettings
  /// Names of the cartridges it may be used with; empty on a bench profile that takes any.
  public let cartridges: [String]
  /// Zones it may be used in; empty on a bench profile.
  public let zones: [Zone]
  /// What a zone has to be marked with for this profile to be used there.
  public let attributes: ZoneAttributes
  /// For bench sessions only: no client, no zone, the bench's depth ceiling.
  public let isBench: Bool
  /// The absolute ceilings, tightened by this profile.
  public let ceilings: Ceilings

  /// Whether the profile may be used in a zone marked so. A bench profile may be used in none.
  public func allows(_ zone: Zone, attributes: ZoneAttributes) -> Bool {
    !isBench && zones.contains(zone) && attributes.isSuperset(of: self.attributes)
  }

  /// Whether the profile may be used with a cartridge.
  public func allows(cartridge: String) -> Bool {
    isBench && cartridges.isEmpty || cartridges.contains(cartridge)
  }

  /// The depth groups of the zones it may be used in, each with the first such zone.
  ///
  /// A zone may be marked as scar where the profile does not ask for it; that only raises the depth ceiling, so the group
  /// without the mark is the one that binds.
  var groups: [(group: DepthGroup, zone: Zone?)] {
    guard !isBench else { return [(.bench, nil)] }
    var groups: [(group: DepthGroup, zone: Zone?)] = []
    for zone in zones {
      let group = DepthGroup(zone: zone, attributes: attributes)
      if !groups.contains(where: { $0.group == group }) { groups.append((group, zone)) }
    }
    return groups
  }
}

extension Envelope {
  /// The envelope for the work at hand: the tightest of absolute, machine, cartridge and profile ceilings, and the depth
  /// group of the zone.
  public init(
    machine: MachineProfile, cartridge: CartridgeProfile?, needle: NeedleProfile?, depthGroup: DepthGroup
  ) {
    var ceilings = Ceilings.tightest(.absolute, machine.ceilings)
    if let cartridge { ceilings = cartridge.tighten(ceilings) }
    if let needle { ceilings = .tightest(ceilings, needle.ceilings) }
    self.init(ceilings: ceilings, depthGroup: depthGroup, tolerance: machine.tolerance)
  }
}
