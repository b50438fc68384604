import SessionLog
import Varlink

extension Trouble {
  /// What an error means to the one who typed the command. `deed` completes "cannot …".
  static func of(_ error: any Error, deed: String, socket: String) -> Trouble {
    switch error {
    case let trouble as Trouble: trouble
    case let error as VarlinkClientError: connection(error, deed: deed, socket: socket)
    case let error as ServiceError: service(error, deed: deed)
    case let error as any VarlinkError: refusal(error, deed: deed)
    case let error as SessionLogError: Trouble(status: .failure, headline: "cannot \(deed): \(error)")
    case is CancellationError: Trouble(status: .failure, headline: "cannot \(deed): interrupted")
    default: Trouble(status: .failure, headline: "cannot \(deed): \(error)")
    }
  }

  private static func connection(_ error: VarlinkClientError, deed: String, socket: String) -> Trouble {
    switch error {
    case .nobodyListens(let path, _):
      Trouble(
        status: .notConnected, headline: "cannot \(deed): no stippled listens at \(path)",
        advice: [
          "Start it (systemctl start stippled), or name its socket with --socket or STIPPLE_SOCKET."
        ])
    case .notAllowed(let path, _):
      Trouble(
        status: .notAuthorized, headline: "cannot \(deed): you may not open \(path)",
        advice: [Remedies.joinGroup("stipple")])
    case .timedOut(let method, let limit):
      Trouble(
        status: .notConnected,
        headline: "cannot \(deed): stippled took the call and did not answer within \(Figures.span(limit))",
        advice: [
          changes(method)
            ? "Whether it was carried out is not known: look at the machine, and at stipplectl status."
            : "It may hang: look at the machine, and at its log (journalctl -u stippled)."
        ])
    case .connectionClosed(let method):
      Trouble(
        status: .notConnected, headline: "cannot \(deed): stippled closed the connection before it answered",
        advice: (changes(method)
          ? ["Whether it was carried out is not known: look at stipplectl status."] : [])
          + ["stippled may have been restarted, or has too many connections: try again."])
    case .cannotConnect(_, let reason):
      Trouble(
        status: .notConnected, headline: "cannot \(deed): no connection to \(socket): \(reason)",
        advice: ["Look at the daemon: systemctl status stippled."])
    case .malformedReply(_, let reason):
      Trouble(
        status: .failure, headline: "cannot \(deed): the reply is not understood: \(reason)",
        advice: [Remedies.sameVersion])
    }
  }

  /// Whether a call might have changed something, by its name: `org.stipple.Device.GetStatus` reads.
  private static func changes(_ method: String) -> Bool {
    let readers = [
      "Get", "List", "Watch", "Validate", "Verify", "Events", "Report", "Export", "Tail", "Check",
    ]
    let name = method.split(separator: ".").last ?? ""
    return !readers.contains { name.hasPrefix($0) }
  }

  private static func service(_ error: ServiceError, deed: String) -> Trouble {
    let answer = Answer(error: error.errorName, parameters: error.errorParameters)
    switch error {
    case .permissionDenied:
      return Trouble(
        status: .notAuthorized, headline: "cannot \(deed): stippled denied access", answer: answer)
    case .invalidParameter(let parameter):
      return Trouble(
        status: .invalidValue, headline: "cannot \(deed): the value of \(parameter) is not of its form",
        answer: answer)
    case .interfaceNotFound(let interface) where interface.hasSuffix(".Simulation"):
      return Trouble(
        status: .refusedByState, headline: "cannot \(deed): this machine is real, not a virtual one",
        advice: ["Use the pedal, the emergency stop, the guard and the cartridge by hand."], answer: answer)
    case .interfaceNotFound, .methodNotFound, .expectedMore:
      return Trouble(
        status: .failure, headline: "cannot \(deed): \(error)", advice: [Remedies.sameVersion],
        answer: answer)
    case .methodNotImplemented:
      return Trouble(
        status: .failure, headline: "cannot \(deed): stippled failed to carry it out",
        advice: ["Its log says why: journalctl -u stippled."], answer: answer)
    }
  }
}
