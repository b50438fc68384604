/// How many log lines a client or a bad cable may cause: a bucket that fills at a steady rate and holds a burst.
///
/// Time is a parameter, in nanoseconds of any clock that does not go backwards.
struct LineBudget {
  let burst: Int
  /// Nanoseconds for one more line.
  let interval: Int64
  private var tokens: Int
  private var filledAt: Int64?
  /// Lines withheld since the last one let through.
  private(set) var withheld = 0

  init(burst: Int, interval: Int64) {
    self.burst = max(1, burst)
    self.interval = max(1, interval)
    tokens = self.burst
  }

  /// Whether a line may be written now, and how many were withheld before it.
  mutating func admit(at now: Int64) -> (isAdmitted: Bool, withheldBefore: Int) {
    fill(now)
    guard tokens > 0 else {
      withheld += 1
      return (false, 0)
    }
    tokens -= 1
    defer { withheld = 0 }
    return (true, withheld)
  }

  private mutating func fill(_ now: Int64) {
    guard let since = filledAt else {
      filledAt = now
      return
    }
    let gained = (now - since) / interval
    guard gained > 0 else { return }
    tokens = Int(min(Int64(burst), Int64(tokens) + gained))
    // The rest of an interval counts towards the next line, unless the bucket is full anyway.
    filledAt = tokens == burst ? now : since + gained * interval
  }
}
