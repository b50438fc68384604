public import Units

/// What is going to happen to a simulated machine from outside, in order of time.
public struct Timeline: Sendable {
  /// One thing that happens.
  public enum Happening: Equatable, Sendable {
    case person(PersonAction)
    /// The control plane wakes the loop.
    case wake
    /// The loop does not run for this long.
    case stall(Nanoseconds)
    /// From here on writes of outputs are refused, or work again.
    case refuseWrites(Bool)
    /// From here on inputs cannot be read, or can again.
    case failInputs(Bool)
    /// From here on the serial line is closed, or open again.
    case closeSerial(Bool)
    /// The kernel dropped this many edges.
    case loseEdges(Int)
  }

  /// A happening and its time.
  public struct Entry: Sendable {
    public var at: Instant
    public var happening: Happening

    public init(at: Instant, _ happening: Happening) {
      self.at = at
      self.happening = happening
    }
  }

  private var entries: [Entry]
  private var taken = 0
  /// When the next one is due; `.distantFuture` when none is left.
  public private(set) var next: Instant

  /// In any order; equal times keep the order given.
  public init(_ entries: [Entry] = []) {
    self.entries = []
    next = .distantFuture
    for entry in entries { add(entry) }
  }

  /// Adds one later on. Not from the loop: it may allocate.
  public mutating func add(_ entry: Entry) {
    // A simulation of a thousand hours adds for ever; what is past is not kept.
    if taken >= 64, taken * 2 > entries.count {
      entries.removeFirst(taken)
      taken = 0
    }
    var place = entries.count
    while place > taken, entries[place - 1].at > entry.at { place -= 1 }
    entries.insert(entry, at: place)
    next = entries[taken].at
  }

  /// Takes the next one, due or not.
  public mutating func takeNext() -> Happening? {
    guard taken < entries.count else { return nil }
    let entry = entries[taken]
    taken += 1
    next = taken < entries.count ? entries[taken].at : .distantFuture
    return entry.happening
  }
}
