/// One metric with all its samples.
///
/// Only the kinds that both the OpenMetrics and the older Prometheus text format know: node_exporter's textfile collector refuses a
/// file with any other.
public struct MetricFamily: Equatable, Sendable {
  public enum Kind: String, Sendable { case counter, gauge, histogram }

  /// One value, told from its siblings by its labels.
  public struct Sample: Equatable, Sendable {
    public var labels: [Label]
    public var value: Double

    public init(_ value: Double, _ labels: [Label] = []) {
      self.labels = labels
      self.value = value
    }
  }

  /// A name and what it says of a sample.
  public struct Label: Equatable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// How many observations were at most so large.
  public struct Bucket: Equatable, Sendable {
    /// Inclusive, in the family's unit; infinite for the last one.
    public var upperBound: Double
    /// Of this bucket and all before it.
    public var cumulativeCount: UInt64

    public init(upTo upperBound: Double, _ cumulativeCount: UInt64) {
      self.upperBound = upperBound
      self.cumulativeCount = cumulativeCount
    }
  }

  /// Without the suffixes that the format adds (`_total`, `_bucket`); ends in the unit where there is one.
  public var name: String
  public var kind: Kind
  /// In the format's words: seconds, bytes, celsius; `nil` for a plain number.
  public var unit: String?
  public var help: String
  public private(set) var samples: [Sample] = []
  public private(set) var buckets: [Bucket] = []
  public private(set) var sum = 0.0

  private init(_ name: String, _ kind: Kind, unit: String?, help: String) {
    self.name = name
    self.kind = kind
    self.unit = unit
    self.help = help
  }

  /// What only grows while the process lives.
  public static func counter(_ name: String, help: String, unit: String? = nil, _ samples: [Sample]) -> Self {
    var family = Self(name, .counter, unit: unit, help: help)
    family.samples = samples
    return family
  }

  /// What is so now.
  public static func gauge(_ name: String, help: String, unit: String? = nil, _ samples: [Sample]) -> Self {
    var family = Self(name, .gauge, unit: unit, help: help)
    family.samples = samples
    return family
  }

  /// A distribution; the last bucket has to be the infinite one.
  public static func histogram(_ name: String, help: String, unit: String, _ buckets: [Bucket], sum: Double)
    -> Self
  {
    var family = Self(name, .histogram, unit: unit, help: help)
    family.buckets = buckets
    family.sum = sum
    return family
  }
}
