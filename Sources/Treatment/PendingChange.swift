/// The change that is tried out, as the desk keeps it.
struct PendingChange {
  var change: ProposedChange
  var proposed: ShelvedProfile
  /// The connection whose end takes it back; `nil` where only time does.
  var holder: UInt64?
  /// It is being taken back: too late to confirm it.
  var isOver = false
}
