import ArgumentParser

struct SessionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session", abstract: "Sessions: who is treated where, with what, and what was recorded.",
    groupedSubcommands: [
      CommandGroup(
        name: "Treatment",
        subcommands: [
          SessionOpenVerb.self, SessionZoneVerb.self, SessionCartridgeVerb.self, SessionPigmentVerb.self,
          SessionNoteVerb.self, SessionCloseVerb.self, SessionResumeVerb.self,
        ]),
      CommandGroup(
        name: "Records",
        subcommands: [
          SessionListVerb.self, SessionShowVerb.self, SessionEventsVerb.self, SessionReportVerb.self,
          SessionVerifyVerb.self, SessionRecoverVerb.self, SessionExportVerb.self, SessionPurgeVerb.self,
        ]),
    ])
}
