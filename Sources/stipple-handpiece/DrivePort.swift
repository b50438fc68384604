import Glibc
import StrokeControl
import VirtualHandpiece

/// The drive's serial port as the board sees it: a pseudo-terminal behind a link, which can be unplugged and plugged in again.
struct DrivePort: ~Copyable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let link: String
  private var terminal: PseudoTerminal?
  /// The drive's end; -1 while it is unplugged.
  private(set) var descriptor: CInt = -1

  /// An unplugged port at `link`.
  init(link: String) {
    self.link = link
    terminal = nil
  }

  deinit { if descriptor >= 0 { unsafe _ = unlink(link) } }

  /// Makes a new terminal and links it, as a USB adapter gets a new device. Nothing when it is plugged in already.
  mutating func plug() throws {
    guard descriptor < 0 else { return }
    let made = try PseudoTerminal()
    unsafe _ = unlink(link)
    guard unsafe symlink(made.path, link) == 0 else {
      throw Failure(
        description: "cannot link \(link) to \(made.path): check the folder and its permissions")
    }
    descriptor = made.descriptor
    terminal = .some(made)
  }

  /// Takes the link and the terminal away; whoever holds the board's end sees a hang-up.
  mutating func unplug() {
    guard descriptor >= 0 else { return }
    unsafe _ = unlink(link)
    descriptor = -1
    terminal = .none
  }

  /// Whether somebody holds the board's end.
  var isHeld: Bool {
    guard descriptor >= 0 else { return false }
    var polled = pollfd(fd: descriptor, events: 0, revents: 0)
    unsafe _ = poll(&polled, 1, 0)
    return polled.revents & Int16(POLLHUP) == 0
  }
}
