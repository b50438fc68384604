import Glibc
import Units

/// Ground truth in a file that outlives the process: what the needle did is there to the last instant, however the daemon dies.
///
/// The file is mapped, so that noting a stroke is a store into memory and the kernel keeps what was stored when the process is
/// killed. It consists of 64-bit words in the host's order: the words of ``Word``, then three for each excursion (left home, passed
/// the nose, reached home; nanoseconds since boot, `Int64.max` for what has not happened).
@safe public final class TruthTape: @unchecked Sendable {
  private enum Word {
    /// The instant to which the physics was computed: the death of a process that no longer writes.
    static let advancedTo = 0
    /// Excursions begun.
    static let begun = 1
    static let firstEntry = 8
    static let perEntry = 3
  }

  /// More excursions than this are counted, not kept: an hour and a half at 100 Hz.
  public static let capacity = 500_000

  private let words: UnsafeMutableBufferPointer<Int64>
  private var taken = 0

  /// Makes the file anew. `nil` when it cannot be made or mapped.
  public init?(path: String) {
    let count = Word.firstEntry + Word.perEntry * (Self.capacity + 1)
    let bytes = count * MemoryLayout<Int64>.size
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard posix_fallocate(descriptor, 0, off_t(bytes)) == 0 else { return nil }
    // Populated now: the loop that notes strokes must not wait for a page.
    let address = unsafe mmap(
      nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { return nil }
    unsafe words = UnsafeMutableBufferPointer(
      start: address.bindMemory(to: Int64.self, capacity: count), count: count)
  }

  deinit { unsafe munmap(words.baseAddress, words.count * MemoryLayout<Int64>.size) }

  /// Takes over what was added since the last call. Only the thread that advances the physics may call it.
  func take(from truth: borrowing GroundTruth, at now: Instant) {
    while taken < truth.strokes.total {
      if let stroke = truth.strokes[taken] { note(stroke, as: taken) }
      taken += 1
    }
    var begun = taken
    if let stroke = truth.stroke {
      note(stroke, as: taken)
      begun += 1
    }
    unsafe words[Word.begun] = Int64(begun)
    unsafe words[Word.advancedTo] = now.sinceBoot.count
  }

  private func note(_ stroke: StrokeTruth, as number: Int) {
    guard number < Self.capacity else { return }
    let place = Word.firstEntry + Word.perEntry * number
    unsafe words[place] = stroke.leftHome.sinceBoot.count
    unsafe words[place + 1] = stroke.passedNose.sinceBoot.count
    unsafe words[place + 2] = stroke.reachedHome.sinceBoot.count
  }
}
