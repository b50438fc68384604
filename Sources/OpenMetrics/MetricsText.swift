/// Families in the OpenMetrics 1.0 text format, as one file.
public enum MetricsText {
  public static func text(_ families: [MetricFamily]) -> String {
    var text = ""
    for family in families {
      text += "# HELP \(family.name) \(escaped(family.help))\n# TYPE \(family.name) \(family.kind.rawValue)\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      switch family.kind {
      case .counter: for sample in family.samples { text += line(family.name + "_total", sample) }
      case .gauge: for sample in family.samples { text += line(family.name, sample) }
      case .histogram: text += histogram(family)
      }
    }
    return text + "# EOF\n"
  }

  private static func histogram(_ family: MetricFamily) -> String {
    var text = ""
    for bucket in family.buckets {
      let bound = MetricFamily.Label("le", number(bucket.upperBound))
      text += line(family.name + "_bucket", .init(Double(bucket.cumulativeCount), [bound]))
    }
    text += line(family.name + "_sum", .init(family.sum))
    return text + line(family.name + "_count", .init(Double(family.buckets.last?.cumulativeCount ?? 0)))
  }

  private static func line(_ name: String, _ sample: MetricFamily.Sample) -> String {
    let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
    return "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(number(sample.value))\n"
  }

  /// A backslash, a quote and a line break would end what they stand in.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Whole numbers without a fraction, so that counts read as counts.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    // Beyond 2^53 a double is no count any more, and is written as what it is.
    if value == value.rounded(), value.magnitude < 9_007_199_254_740_992 { return "\(Int64(value))" }
    return "\(value)"
  }
}
