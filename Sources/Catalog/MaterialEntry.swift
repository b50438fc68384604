public import SessionLog
public import Units

/// What is printed on a cartridge, and how long it lasts.
public struct CartridgeLabel: Hashable, Sendable {
  public var maker: String
  /// Product or configuration: `1RL 0.30`.
  public var name: String
  public var lot: String
  /// Its own number where it has one; without, every registration is a new cartridge of its lot.
  public var serial: String?
  /// The last good day.
  public var expiry: CalendarDate
  /// Strokes after which it must be changed, at least 1.
  public var lifeStrokes: UInt64

  public init(
    maker: String, name: String, lot: String, serial: String? = nil, expiry: CalendarDate, lifeStrokes: UInt64
  ) {
    self.maker = maker
    self.name = name
    self.lot = lot
    self.serial = serial
    self.expiry = expiry
    self.lifeStrokes = lifeStrokes
  }
}

/// A cartridge that was registered. It belongs to the client it was first used for.
public struct CartridgeEntry: Hashable, Sendable {
  public var id: Int64
  public var label: CartridgeLabel
  public var usedStrokes: UInt64
  /// `nil` for one used on the bench.
  public var client: String?
  public var firstUsedAt: WallTime

  public var strokesLeft: UInt64 { label.lifeStrokes - min(label.lifeStrokes, usedStrokes) }
}

/// What is printed on a bottle of pigment. The lot is the unique batch reference that EU REACH 2020/2081 asks for.
public struct PigmentLabel: Hashable, Sendable {
  public var maker: String
  public var name: String
  public var shade: String
  public var lot: String
  public var expiry: CalendarDate

  public init(maker: String, name: String, shade: String, lot: String, expiry: CalendarDate) {
    self.maker = maker
    self.name = name
    self.shade = shade
    self.lot = lot
    self.expiry = expiry
  }
}

/// A bottle of pigment that was registered.
public struct PigmentEntry: Hashable, Sendable {
  public var id: Int64
  public var label: PigmentLabel
  public var firstUsedAt: WallTime
}

/// A material as it was used in a session.
public enum MaterialUse: Hashable, Sendable {
  case cartridge(CartridgeEntry, from: WallTime)
  case pigment(PigmentEntry, dilution: String, from: WallTime)
}
