import ArgumentParser
import Varlink

struct CompletionsVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Prints what makes the Tab key complete commands, for bash, zsh or fish.",
    discussion: """
      bash: stipplectl completions bash > ~/.local/share/bash-completion/completions/stipplectl
      zsh:  stipplectl completions zsh > ~/.zfunc/_stipplectl, with that folder in $fpath
      fish: stipplectl completions fish > ~/.config/fish/completions/stipplectl.fish

      Names of profiles, clients, plans, sessions and faults are the daemon's, asked when the key is pressed.
      """)
  static let deed = "give the completions"

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var parsed: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @OptionGroup var common: CommonOptions
  @Argument(help: "bash, zsh or fish.") var shell: Shell

  func run(on console: Console) async throws {
    let script = Stipplectl.completionScript(for: shell.parsed)
    guard common.json else { return console.write(script.hasSuffix("\n") ? script : script + "\n") }
    console.print(JSONWriter.text(["shell": .string(shell.rawValue), "script": .string(script)], indent: 2))
  }
}
