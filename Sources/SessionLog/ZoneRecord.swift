public import Units

/// The zone worked in from the record's time on.
public struct ZoneRecord: LoggedRecord, Hashable {
  /// `hairline`, `crown`…
  public var name: String
  /// `scar`, `thinning`, separated by commas; empty for none.
  public var attributes: String
  /// 0 on the bench.
  public var area: SquareMillimetres
  /// Dots per cm² the plan aims at this session; 0 when not planned.
  public var targetDensity: UInt32
  /// Dots per cm² allowed this session.
  public var ceilingDensity: UInt32
  /// Dots allowed in this zone this session: area × ceiling.
  public var budget: UInt32
  /// Dots already in the budget when the zone was set, uncertain ones included.
  public var dotsBefore: UInt32
  /// Dots of earlier sessions of the same plan, uncertain ones included.
  public var planDotsBefore: UInt32
  /// Dots per cm² allowed over the whole plan; 0 in records made before it was kept.
  public var planCeilingDensity: UInt32

  public init(
    name: String = "", attributes: String = "", area: SquareMillimetres = .zero, targetDensity: UInt32 = 0,
    ceilingDensity: UInt32 = 0, budget: UInt32 = 0, dotsBefore: UInt32 = 0, planDotsBefore: UInt32 = 0,
    planCeilingDensity: UInt32 = 0
  ) {
    self.planDotsBefore = planDotsBefore
    self.planCeilingDensity = planCeilingDensity
    self.name = name
    self.attributes = attributes
    self.area = area
    self.targetDensity = targetDensity
    self.ceilingDensity = ceilingDensity
    self.budget = budget
    self.dotsBefore = dotsBefore
  }

  public static var channel: SessionChannel { .zone }
  public static let shape = MessageShape(
    "Zone",
    [
      "name": .text, "attributes": .text, "area_mm2": .signed32, "target_density": .unsigned32,
      "ceiling_density": .unsigned32, "budget": .unsigned32, "dots_before": .unsigned32,
      "plan_dots_before": .unsigned32, "plan_ceiling_density": .unsigned32,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, text: name)
    payload.append(field: 2, text: attributes)
    payload.append(field: 3, signed: Int64(area.count))
    payload.append(field: 4, unsigned: UInt64(targetDensity))
    payload.append(field: 5, unsigned: UInt64(ceilingDensity))
    payload.append(field: 6, unsigned: UInt64(budget))
    payload.append(field: 7, unsigned: UInt64(dotsBefore))
    payload.append(field: 8, unsigned: UInt64(planDotsBefore))
    payload.append(field: 9, unsigned: UInt64(planCeilingDensity))
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: name = value.text(payload)
      case 2: attributes = value.text(payload)
      case 3: area = SquareMillimetres(value.signed32)
      case 4: targetDensity = value.unsigned32
      case 5: ceilingDensity = value.unsigned32
      case 6: budget = value.unsigned32
      case 7: dotsBefore = value.unsigned32
      case 8: planDotsBefore = value.unsigned32
      case 9: planCeilingDensity = value.unsigned32
      default: break
      }
    }
  }
}
