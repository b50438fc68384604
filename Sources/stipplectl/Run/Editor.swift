import Glibc

/// The editor a person has chosen: VISUAL, else EDITOR, else what the host has.
enum Editor {
  /// Editors that take `+LINE` before the file.
  private static let linewise: Set<String> = [
    "vi", "vim", "nvim", "view", "nano", "pico", "emacs", "emacsclient", "micro", "joe", "jed", "mg", "ne",
    "kak", "editor", "sensible-editor",
  ]
  private static let fallback =
    "$(command -v sensible-editor || command -v editor || command -v nano || echo vi)"

  /// Opens a file at a line, and waits for the editor to end. Returns its exit status; throws when it cannot be started.
  static func open(_ path: String, line: Int?, with command: String? = nil) throws(Trouble) -> Int32 {
    let command = command ?? chosen ?? fallback
    var words = ["/bin/sh", "-c", command + " \"$@\"", "editor"]
    let program = command.split(separator: " ").first?.split(separator: "/").last.map(String.init) ?? ""
    if let line, line > 1, linewise.contains(program) { words.append("+\(line)") }
    words.append(path)
    return try run(words)
  }

  private static var chosen: String? {
    for name in ["VISUAL", "EDITOR"] {
      guard let value = unsafe getenv(name) else { continue }
      let command = unsafe String(cString: value)
      if !command.allSatisfy(\.isWhitespace) { return command }
    }
    return nil
  }

  private static func run(_ words: [String]) throws(Trouble) -> Int32 {
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // A key for the editor must not end the program that waits for it; the editor itself gets its keys as always.
    var keys = sigset_t()
    unsafe sigemptyset(&keys)
    for number in [SIGINT, SIGQUIT] {
      unsafe sigaddset(&keys, number)
      _ = signal(number, SIG_IGN)
    }
    defer { for number in [SIGINT, SIGQUIT] { _ = signal(number, SIG_DFL) } }
    unsafe posix_spawnattr_setsigdefault(&attributes, &keys)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var child: pid_t = 0
    let failure = unsafe posix_spawn(&child, words[0], nil, &attributes, &arguments, environ)
    guard failure == 0 else {
      throw Trouble(
        status: .failure, headline: "cannot start the editor: \(unsafe String(cString: strerror(failure)))",
        advice: ["Name one that is installed: EDITOR=nano stipplectl profile edit …"])
    }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { return 1 }
    }
    // The low seven bits are the signal that ended it, the next eight its own status (wait(2)).
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }
}
