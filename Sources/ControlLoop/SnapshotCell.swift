import Synchronization

/// The newest value of one writer, read by anyone at any time without holding the writer up (a sequence lock).
///
/// The value is kept as atomic words, so that a reader that races the writer reads stale words, never undefined memory; it
/// notices and tries again.
@safe public final class SnapshotCell<Value: BitwiseCopyable & Sendable>: @unchecked Sendable {
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  private let wordCount: Int
  /// Even while the words are whole, odd while the writer is at work.
  private let sequence = Atomic<UInt64>(0)

  public init(_ value: Value) {
    wordCount = (MemoryLayout<Value>.size + 7) / 8
    unsafe words = .allocate(capacity: wordCount)
    for index in 0..<wordCount { unsafe (words + index).initialize(to: Atomic(0)) }
    publish(value)
  }

  deinit {
    unsafe words.deinitialize(count: wordCount)
    unsafe words.deallocate()
  }

  /// Replaces the value. One thread only.
  public func publish(_ value: Value) {
    let start = sequence.load(ordering: .relaxed)
    sequence.store(start &+ 1, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    unsafe withUnsafeBytes(of: value) { bytes in
      let whole = bytes.count / 8
      for index in 0..<whole {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        unsafe words[index].store(word, ordering: .relaxed)
      }
      guard whole < wordCount else { return }
      var last: UInt64 = 0
      unsafe withUnsafeMutableBytes(of: &last) { target in
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[(whole * 8)...]))
      }
      unsafe words[whole].store(last, ordering: .relaxed)
    }
    sequence.store(start &+ 2, ordering: .releasing)
  }

  /// The newest whole value. Tries again while the writer is at work; the writer needs well under a microsecond.
  public func read() -> Value {
    unsafe withUnsafeTemporaryAllocation(
      byteCount: wordCount * 8, alignment: max(8, MemoryLayout<Value>.alignment)
    ) { buffer in
      while true {
        let before = sequence.load(ordering: .acquiring)
        if before & 1 == 0 {
          for index in 0..<wordCount {
            unsafe buffer.storeBytes(
              of: words[index].load(ordering: .relaxed), toByteOffset: index * 8, as: UInt64.self)
          }
          atomicMemoryFence(ordering: .acquiring)
          if sequence.load(ordering: .relaxed) == before { return unsafe buffer.load(as: Value.self) }
        }
      }
    }
  }
}
