import Catalog
public import Profiles

extension Desk {
  /// Takes in the profiles of a reload. Returns what changed, or why nothing was taken in.
  ///
  /// Not while a session is open: what a client is treated with must not change without a technician's word, and what a session began
  /// with is what its record names.
  public func reload(_ library: ProfileLibrary) async throws -> ReloadOutcome {
    try await changing { takeIn(library) }
  }

  private func takeIn(_ library: ProfileLibrary) -> ReloadOutcome {
    guard library.errors.isEmpty else {
      return .refused(library.errors.map(\.headline))
    }
    let old = configuration.library
    let needles = Self.changes(from: old.needles, to: library.needles)
    let cartridges = Self.changes(from: old.cartridges, to: library.cartridges)
    guard !needles.isEmpty || !cartridges.isEmpty else { return .unchanged }
    if let session {
      return .refused(["session \(session.id) is open: close it, then reload"])
    }
    if let pending {
      return .refused(["\(pending.change.title) is tried out: confirm or reject it, then reload"])
    }
    replaceLibrary(library)
    readInProfiles()
    // What was handed to the loop is not what is on the shelf now: it has to be chosen again.
    if let inUse, shelf[inUse.name]?.version.id != inUse.version.id { takeOutOfUse() }
    vouch()
    return .takenIn(needles: needles, cartridges: cartridges)
  }

  /// The names that are new, gone, or stand for something else.
  private static func changes<Profile: Equatable>(from old: [String: Profile], to new: [String: Profile])
    -> [String]
  {
    Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
  }
}

/// What came of a reload's profiles.
public enum ReloadOutcome: Equatable, Sendable {
  case unchanged
  case takenIn(needles: [String], cartridges: [String])
  /// One sentence each.
  case refused([String])
}
