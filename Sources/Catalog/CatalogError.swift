public import SessionLog

/// Why the catalog could not do what was asked: what happened, to what, and what to do.
public enum CatalogError: Error, Hashable, Sendable {
  /// The file cannot be opened, or its schema cannot be brought up to date.
  case cannotOpen(path: String, reason: String)
  /// SQLite's own check found damage.
  case corrupt(path: String, findings: [String])
  /// SQLite refused; nothing was changed.
  case database(path: String, reason: String)
  /// A rule of the clinic refused; nothing was changed.
  case refused(CatalogRefusal)
}

/// A rule that the catalog keeps.
public enum CatalogRefusal: Hashable, Sendable {
  case sessionAlreadyOpen(id: String)
  case noSuchSession(id: String)
  case noSuchClient(code: String)
  case clientExists(code: String)
  case clientInSession(code: String, session: String)
  case noSuchPlan(id: String)
  case zoneNotPlanned(name: String, plan: String, zones: [String])
  case sessionNotOpen(id: String, state: String)
  case noSuchZone(name: String)
  case noSuchRow(what: String, id: Int64)
  case cartridgeOfAnotherClient(lot: String, serial: String)
  case cartridgeExpired(lot: String, expiry: CalendarDate)
  case cartridgeSpent(lot: String, strokes: UInt64, life: UInt64)
  case pigmentExpired(lot: String, expiry: CalendarDate)
  case profileProposed(title: String)
  case profileDecided(title: String, state: String)
  /// A value that cannot be kept: which field and why.
  case invalid(field: String, reason: String)
}

extension CatalogError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "the catalog \(path) cannot be opened: \(reason)"
    case .corrupt(let path, let findings):
      "the catalog \(path) is damaged (\(findings.prefix(3).joined(separator: "; "))); restore a copy, the session files are not affected"
    case .database(let path, let reason): "the catalog \(path) refused: \(reason)"
    case .refused(let refusal): refusal.description
    }
  }
}

extension CatalogRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .sessionAlreadyOpen(let id): "session \(id) is open; close or resume it first"
    case .noSuchSession(let id): "there is no session \(id)"
    case .noSuchClient(let code): "there is no client \(code); create it first, or check the code"
    case .clientExists(let code): "client \(code) exists already"
    case .clientInSession(let code, let session): "client \(code) is in session \(session); close it first"
    case .noSuchPlan(let id): "there is no plan \(id)"
    case .zoneNotPlanned(let name, let plan, let zones):
      "zone \(name) is not in plan \(plan), which has \(zones.isEmpty ? "none" : zones.joined(separator: ", ")); add it to the plan first"
    case .sessionNotOpen(let id, let state): "session \(id) is \(state), not open"
    case .noSuchZone(let name): "zone \(name) was not set in this session"
    case .noSuchRow(let what, let id): "there is no \(what) \(id)"
    case .cartridgeOfAnotherClient(let lot, let serial):
      "cartridge \(serial) of lot \(lot) was used for another client; it is single-use, fit a new one"
    case .cartridgeExpired(let lot, let expiry): "cartridge lot \(lot) expired on \(expiry); fit another"
    case .cartridgeSpent(let lot, let strokes, let life):
      "the cartridge of lot \(lot) made \(strokes) of its \(life) strokes; fit a new one"
    case .pigmentExpired(let lot, let expiry): "pigment lot \(lot) expired on \(expiry); take another"
    case .profileProposed(let title): "\(title) is proposed; confirm or reject it first"
    case .profileDecided(let title, let state): "\(title) is not proposed any more: it is \(state)"
    case .invalid(let field, let reason): "\(field): \(reason)"
    }
  }
}
