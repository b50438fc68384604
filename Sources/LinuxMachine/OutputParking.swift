internal import Glibc
public import NeedleSafety

/// Puts a board's outputs safe without a loop: for what runs after a daemon that died with lines high.
///
/// A dead process's lines are free, but some chips keep their levels (persist_gpio_outputs). Whoever requests them low and reads
/// them back knows.
public struct OutputParking: Equatable, Sendable {
  /// What the outputs were before.
  public let found: OutputLevels
  /// The outputs read back low after they were written.
  public let isSafe: Bool

  /// How long a dying process may still hold the lines, and how often they are asked for meanwhile, ms.
  static let patience = 2_000
  static let pause = 20

  /// Requests the outputs low, writes them low, reads them back, and gives them free. Throws what ``BoardError`` says, a line
  /// that is still held after two seconds among it: then somebody else drives the board, and is left alone.
  public static func park(_ configuration: BoardConfiguration) throws(BoardError) -> OutputParking {
    var outputs = configuration
    outputs.inputs = [:]
    outputs.consumer = "stippled-park"
    var waited = 0
    while true {
      do throws(BoardError) {
        let lines = try BoardLines(outputs)
        let isWritten = lines.write(.safe)
        return OutputParking(found: lines.levelsBeforeOpening, isSafe: isWritten && lines.readBack() == .safe)
      } catch {
        guard case .lineBusy = error, waited < patience else { throw error }
      }
      usleep(useconds_t(pause * 1_000))
      waited += pause
    }
  }
}

extension OutputParking: CustomStringConvertible {
  /// One sentence for the journal.
  public var description: String {
    let high = OutputSignal.allCases.filter { found.isHigh($0) }.map(\.lineName)
    let before = high.isEmpty ? "all outputs were low" : "\(high.joined(separator: ", ")) had been left high"
    return isSafe ? "\(before); all are low now" : "\(before); they do NOT read low: switch the machine off"
  }
}
