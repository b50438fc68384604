import ControlInterface

/// Rate, depth and dwell as measured, and the zone's dots, each against what binds it.
struct WatchGauges {
  var status: Device.Status

  var all: [Gauge] { [rate, depth, dwell, zone] }

  private var rate: Gauge {
    Gauge(
      label: "Rate", share: status.rateHz.map { $0 / status.limits.rateHz },
      mark: status.profile.map { $0.rateHz / status.limits.rateHz },
      value: status.rateHz.map { Figures.rate($0) } ?? "–",
      limit: limit(status.profile.map { Figures.rate($0.rateHz) }, Figures.rate(status.limits.rateHz)))
  }

  private var depth: Gauge {
    Gauge(
      label: "Depth", share: share(status.depthUm, status.limits.depthUm),
      mark: share(status.profile?.depthUm, status.limits.depthUm),
      value: status.depthUm.map(Figures.depth) ?? "–",
      limit: limit(status.profile.map { Figures.depth($0.depthUm) }, Figures.depth(status.limits.depthUm)))
  }

  private var dwell: Gauge {
    Gauge(
      label: "Dwell", share: share(status.dwellUs, status.limits.dwellUs),
      mark: share(status.profile?.dwellUs, status.limits.dwellUs),
      value: status.dwellUs.map(Figures.milliseconds) ?? "–",
      limit: limit(
        status.profile.map { Figures.milliseconds($0.dwellUs) }, Figures.milliseconds(status.limits.dwellUs)))
  }

  private var zone: Gauge {
    guard let zone = status.zone else {
      return Gauge(label: "Zone", share: nil, value: "–", limit: "none set")
    }
    let most = zone.dotsLimit.map { "of \(Figures.count($0)), " } ?? ""
    return Gauge(
      label: "Zone", share: zone.dotsLimit.flatMap { share(zone.dots, $0) },
      value: "\(Figures.count(zone.dots)) dots", limit: "\(most)\(TextWidth.harmless(zone.name))")
  }

  private func limit(_ set: String?, _ limit: String) -> String {
    (set.map { "set \($0), " } ?? "") + "limit \(limit)"
  }

  private func share(_ value: Int?, _ limit: Int) -> Double? {
    guard let value, limit > 0 else { return nil }
    return Double(value) / Double(limit)
  }
}
