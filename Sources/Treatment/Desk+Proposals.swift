import Catalog
import NeedleSafety
public import Profiles
import SessionLog
import StrokeControl
public import Units

// Commit-confirmed edits, as a router does them: a change is in force at the next stroke boundary and takes itself back unless it is
// confirmed in time. One change at a time: there is one needle.
extension Desk {
  /// How long a change may wait to be confirmed.
  public static let confirmationTimes = Nanoseconds.seconds(1)...Nanoseconds.seconds(600)

  /// What an edit would make of a profile: the whole text, and what differs. Changes nothing. Throws `.profileRefused` with every problem.
  public func preview(_ name: String, _ edit: ProfileEdit) throws -> (
    text: String, profile: NeedleProfile, warnings: [String], differences: [ProfileDifference]
  ) {
    let standing = try shelved(name)
    let text: String
    switch edit {
    case .text(let given): text = given
    case .changes(let changes):
      let made = NeedleProfile.text(
        standing.version.text, named: name, changing: changes, in: configuration.library.surroundings)
      guard let made else {
        throw TreatmentError.invalidValue(
          field: "changes", value: changes.map(\.field).joined(separator: ", "),
          limit: "fields that stand in one line each; edit the text of \(name) instead")
      }
      text = made
    }
    let decoded = configuration.library.decodeNeedle(text, named: name)
    guard let profile = decoded.profile else {
      throw TreatmentError.profileRefused(decoded.problems, text: text)
    }
    return (
      text, profile, decoded.warnings.map(\.message),
      profile.differences(from: standing.profile, in: configuration.library.surroundings)
    )
  }

  /// Tries a change out. It is in force at the next stroke boundary where the profile is in use, and is taken back after `limit` unless
  /// ``confirm(_:by:)`` comes first; also when the connection `holder` ends.
  ///
  /// Throws `.profileRefused`, `.beingChanged` while another change is tried out, and `.wrongSession` when `basedOn` is given and not
  /// the version that stands now.
  public func propose(
    _ name: String, _ edit: ProfileEdit, basedOn: UInt32? = nil, within limit: Nanoseconds,
    holder: UInt64? = nil,
    by author: Author
  ) async throws -> (change: ProposedChange, warnings: [String]) {
    try await changing {
      tick()
      try requireNoPending()
      let standing = try shelved(name)
      try requireStanding(standing, is: basedOn)
      let wanted = try preview(name, edit)
      guard wanted.text != standing.version.text else {
        throw TreatmentError.invalidValue(
          field: "changes", value: "no change",
          limit: "something else than \(standing.version.title) has already")
      }
      if inUse?.name == name { try checkFit(wanted.profile) }
      let words = ProposedChange.words(wanted.differences)
      let seconds = limit.inMilliseconds / 1_000
      let version = try catalogued {
        let entry = auditLine("profile.propose", "", by: author)
        return try catalog.proposeProfile(
          NewProfileVersion(
            profile: name, text: wanted.text, basedOn: standing.version.number, changes: words,
            actor: author.name), at: clock.wall()
        ) { version in
          var entry = entry
          entry.detail =
            "\(version.title) from \(standing.version.number): \(words); rolls back in \(seconds) s"
          return entry
        }
      }
      let change = ProposedChange(
        profile: name, version: version.number, basedOn: standing.version.number, author: author,
        at: version.at, differences: wanted.differences, deadline: clock.now() + limit)
      recordAction("profile.propose", "\(version.title): \(words)", by: author)
      let proposed = ShelvedProfile(
        profile: wanted.profile, version: version, warnings: wanted.warnings,
        otherShipped: standing.otherShipped ?? standing.version.number)
      pending = PendingChange(change: change, proposed: proposed, holder: holder)
      do {
        try await swapIn(proposed)
      } catch {
        await takeBack(change.ticket, .rejected, because: "the machine did not take it", by: daemon)
        throw error
      }
      note(JournalEntry(.info, "\(version.title) is tried out: \(words)", ["STIPPLE_PROFILE": name]))
      return (change, wanted.warnings)
    }
  }

  /// Keeps a change. Whoever proposed it may do so, from any connection. Throws `.wrongSession` when it is too late or somebody else's.
  public func confirm(_ ticket: String, by author: Author) async throws -> ShelvedProfile {
    try await changing {
      let pending = try pendingChange(ticket)
      guard pending.change.author.userID == author.userID else {
        throw TreatmentError.wrongSession(
          is: "\(pending.change.title) was proposed by \(pending.change.author.name)",
          needed: "the same user to confirm it; any technician may reject it")
      }
      let entry = auditLine("profile.confirm", "\(pending.change.title): \(pending.change.words)", by: author)
      let version = try catalogued {
        try catalog.decideProfile(
          pending.proposed.version.id, .confirmed, at: clock.wall(), by: author.name, audit: entry)
      }
      recordAction(entry.verb, entry.detail, by: author)
      var confirmed = pending.proposed
      confirmed.version = version
      let versions = try catalogued { try catalog.profileVersions(of: version.profile) }
      confirmed.otherShipped = versions.shipped(otherThan: version)
      shelf[version.profile] = confirmed
      if inUse?.version.id == version.id { inUse = confirmed }
      self.pending = nil
      revision &+= 1
      vouch()
      note(JournalEntry(.info, "\(version.title) is confirmed", ["STIPPLE_PROFILE": version.profile]))
      return confirmed
    }
  }

  /// Takes a change back. Any technician may: the version before it was confirmed.
  public func reject(_ ticket: String, by author: Author) async throws -> ShelvedProfile {
    try await changing {
      let pending = try pendingChange(ticket)
      await takeBack(ticket, .rejected, because: "rejected by \(author.name)", by: author)
      return try shelved(pending.change.profile)
    }
  }

  /// A connection has ended: a change that it held is taken back.
  public func connectionEnded(_ connection: UInt64) async {
    guard let change = pending?.change, pending?.holder == connection, pending?.isOver == false else {
      return
    }
    pending?.isOver = true
    await takeBackByItself(change.ticket, because: "the connection that proposed it ended")
  }

  /// The change that is tried out, and when it takes itself back.
  public var proposedChange: ProposedChange? { pending?.change }

  /// Called at each look at the loop.
  func takeBackIfOverdue(at now: Instant) {
    guard let change = pending?.change, pending?.isOver == false, now >= change.deadline else { return }
    pending?.isOver = true
    Task { await takeBackByItself(change.ticket, because: "it was not confirmed in time") }
  }

  private func takeBackByItself(_ ticket: String, because reason: String) async {
    try? await changing { await takeBack(ticket, .rolledBack, because: reason, by: daemon) }
  }

  /// Puts the confirmed version back: first the loop has it, then the catalog.
  private func takeBack(
    _ ticket: String, _ state: ProfileVersionState, because reason: String, by author: Author
  ) async {
    guard let pending, pending.change.ticket == ticket else { return }
    self.pending?.isOver = true
    let change = pending.change
    if let confirmed = shelf[change.profile] {
      do {
        try await swapIn(confirmed)
      } catch {
        // Neither may be used with what is at hand: the machine has none, and an armed one stops at the stroke's end.
        takeOutOfUse()
        note(
          JournalEntry(
            .error, "\(change.profile) is out of use: its confirmed version does not fit: \(error)"))
      }
    }
    self.pending = nil
    let detail = "\(change.title): \(change.words); \(reason)"
    do {
      let verb = state == .rejected ? "profile.reject" : "profile.rollback"
      _ = try catalog.decideProfile(
        pending.proposed.version.id, state, reason: reason, at: clock.wall(), by: author.name,
        audit: auditLine(verb, detail, by: author))
      recordAction(verb, detail, by: author)
    } catch {
      note(JournalEntry(.error, "the catalog could not take that \(detail): \(error)"))
    }
    revision &+= 1
    vouch()
    note(
      JournalEntry(.warning, "\(change.title) was taken back: \(reason)", ["STIPPLE_PROFILE": change.profile])
    )
  }

  /// Puts another version of the profile in use in its place; nothing to do for a profile that is not in use.
  func swapIn(_ version: ShelvedProfile) async throws {
    guard inUse?.name == version.name else {
      vouch()
      return
    }
    try checkFit(version.profile)
    inUse = version
    try await handOverSettings()
    try await refreshBudget()
    revision &+= 1
    vouch()
  }

  /// A version has to fit the zone, the cartridge and every ceiling at hand, as the loop will judge it.
  func checkFit(_ wanted: NeedleProfile) throws {
    try check(wanted)
    guard let work = session, let plan = StrokePlan(wanted.settings, on: configuration.machine.drivetrain),
      let limit = envelope(of: wanted, in: depthGroup(of: work)).breach(of: plan)
    else { return }
    throw TreatmentError.invalidValue(
      field: limit.name, value: wanted.name,
      limit: "what machine, cartridge and zone at hand allow; the \(limit.name) is beyond it")
  }

  func requireNoPending() throws {
    if let pending { throw TreatmentError.beingChanged(pending.change) }
    // A verdict that the catalog could not take is made up for before the next proposal.
    let left = try catalogued { try rollBackLeftProposals(because: "the catalog could not take it earlier") }
    for version in left { note(JournalEntry(.warning, "\(version.title) is entered as rolled back")) }
  }

  func requireStanding(_ standing: ShelvedProfile, is basedOn: UInt32?) throws {
    guard let basedOn, basedOn != standing.version.number else { return }
    let version = standing.version
    let what = version.changes.isEmpty ? version.state.rawValue : version.changes
    throw TreatmentError.wrongSession(
      is:
        "\(version.profile) was changed meanwhile: \(version.decidedBy ?? version.actor) made version \(version.number) (\(what))",
      needed: "look at version \(version.number) and begin from it, not from \(basedOn)")
  }

  /// The change with this ticket, while it can be decided on.
  private func pendingChange(_ ticket: String) throws -> PendingChange {
    if let pending, pending.change.ticket == ticket {
      guard !pending.isOver, clock.now() < pending.change.deadline else {
        throw TreatmentError.wrongSession(
          is: "the time of \(pending.change.title) is over, it is rolled back",
          needed: "propose the change again")
      }
      return pending
    }
    let parts = ticket.split(separator: ":")
    guard parts.count == 2, let number = UInt32(parts[1]) else {
      throw TreatmentError.notFound(
        kind: "ticket", name: ticket, known: pending.map { [$0.change.ticket] } ?? [])
    }
    let version = try version(number, of: String(parts[0]))
    let why = version.reason.isEmpty ? "" : ": \(version.reason)"
    throw TreatmentError.wrongSession(
      is: "\(version.title) is \(version.state.words)\(why)",
      needed: "a change that still waits for an answer")
  }
}
