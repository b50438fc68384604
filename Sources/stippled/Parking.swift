import ArgumentParser
import Glibc
import LinuxMachine
import Profiles

/// `stippled --park`: what the service manager runs after the daemon has ended, however it ended.
enum Parking {
  /// Puts the outputs of a machine safe and says what they were. Throws the exit status when that failed.
  static func run(_ machine: MachineProfile) throws {
    guard let board = BoardConfiguration(machine) else {
      return Diagnostics.print("park: \(machine.name) has no lines of a board")
    }
    do throws(BoardError) {
      let parked = try OutputParking.park(board)
      Diagnostics.print("park: \(parked)")
      guard parked.isSafe else {
        throw .lineUnusable(chip: board.chip, line: "outputs", cause: Errno(code: EIO))
      }
    } catch {
      Diagnostics.print("park: \(error.description)")
      throw ExitCode.failure
    }
  }
}
