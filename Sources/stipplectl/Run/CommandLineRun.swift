import ArgumentParser
import Varlink

/// One run of the program: from the words typed to the exit status.
struct CommandLineRun {
  var arguments: [String]
  var console: Console

  func execute() async -> ExitStatus {
    let command: any ParsableCommand
    do {
      command = try Stipplectl.parseAsRoot(arguments)
    } catch {
      return usage(error)
    }
    guard let verb = command as? any Verb else { return await help(command) }
    do {
      try await verb.run(on: console)
      return .ok
    } catch let error as ValidationError {
      return usage(error)
    } catch Refused.alreadyToldOf(let status) {
      return status
    } catch {
      let trouble = Trouble.of(error, deed: type(of: verb).deed, socket: verb.common.socketPath)
      report(trouble, json: verb.common.json)
      return trouble.status
    }
  }

  /// A command that only holds others, or `help` itself.
  private func help(_ command: any ParsableCommand) async -> ExitStatus {
    var command = command
    do {
      try command.run()
      return .ok
    } catch {
      return usage(error)
    }
  }

  /// Help, versions and completion scripts travel as errors, too: they go to the output with status 0.
  private func usage(_ error: any Error) -> ExitStatus {
    let isFine = Stipplectl.exitCode(for: error) == .success
    let text = Stipplectl.fullMessage(for: error)
    guard !isFine else {
      console.print(text)
      return .ok
    }
    console.complain(text)
    return .usage
  }

  private func report(_ trouble: Trouble, json: Bool) {
    if json {
      console.print(JSONWriter.text(trouble.json, indent: 2))
    } else {
      console.complain(TroubleText.of(trouble, paint: console.errorPaint, width: console.width))
    }
  }
}
