/// A node of a profile's text, with where it stands. The strict subset that profiles are written in: mappings with text keys,
/// lists and scalars; no tags, anchors or aliases.
struct ProfileNode {
  struct Entry {
    let key: String
    let keyPlace: Place
    let node: ProfileNode
  }

  enum Content {
    /// `quoted` tells the line name "17" from the line offset 17.
    case scalar(String, quoted: Bool)
    case list([ProfileNode])
    case mapping([Entry])
  }

  let place: Place
  let content: Content

  /// What it is, as it stands in a sentence.
  var title: String {
    switch content {
    case .scalar: "a value"
    case .list: "a list"
    case .mapping: "a section"
    }
  }
}
