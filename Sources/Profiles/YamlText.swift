import Yams

/// Turns a profile's text into nodes with places; everything that is not plain, strict YAML becomes a problem.
struct YamlText {
  /// Each pass over a text removes one repeated key; a text with more of them is refused with what was found.
  private static let repeatsReported = 16

  private let log: ProblemLog

  /// The root node, `nil` when the text is not one YAML mapping; the log says why.
  static func read(_ text: String, log: ProblemLog) -> ProfileNode? {
    let reader = YamlText(log: log)
    guard YamlBounds(log: log).hold(text) else { return nil }
    guard let root = reader.compose(text) else { return nil }
    guard case .mapping = root.content else {
      log.error("a profile is a list of 'key: value' lines; this is \(root.title)", at: root.place)
      return nil
    }
    return root
  }

  private func compose(_ text: String) -> ProfileNode? {
    var text = text
    for _ in 0..<Self.repeatsReported {
      do {
        // The parser is kept until the nodes are converted: it owns what the nodes refer to weakly.
        let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
        guard let root = try parser.singleRoot() else {
          log.error("the file is empty; a profile starts with 'schema: 1'", at: Place(line: 1, column: 1))
          return nil
        }
        return withExtendedLifetime(parser) { convert(root, depth: 1) }
      } catch let YamlError.duplicatedKeysInMapping(duplicates, context) {
        let first = Place(line: context.mark.line, column: context.mark.column)
        guard let repaired = removeRepeat(of: duplicates.first ?? "", first: first, in: text) else {
          return nil
        }
        text = repaired
      } catch {
        report(error)
        return nil
      }
    }
    return nil
  }

  /// Reports the second use of a key, and gives the text without it, so that the rest can still be checked.
  ///
  /// `nil` where it cannot be found (a mapping in braces, a quoted key): the first use is reported then.
  private func removeRepeat(of key: String, first: Place, in text: String) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let indent = first.column - 1
    // The section ends at the first line that stands further out.
    let section = lines[first.line...].prefix { $0.isEmpty || indentation(of: $0) >= indent }
    let repeated = section.indices.first { index in
      indentation(of: lines[index]) == indent && starts(lines[index], with: key)
    }
    guard let repeated else {
      log.error("the key '\(key)' is written twice in one section", at: first, field: key)
      return nil
    }
    log.error(
      "the key '\(key)' is written twice; first in line \(first.line)",
      at: Place(line: repeated + 1, column: first.column), field: key)
    lines[repeated] = ""
    var next = repeated + 1
    while next < lines.count, lines[next].isEmpty || indentation(of: lines[next]) > indent {
      lines[next] = ""
      next += 1
    }
    return lines.joined(separator: "\n")
  }

  private func indentation(of line: String) -> Int { line.prefix { $0 == " " }.count }

  private func starts(_ line: String, with key: String) -> Bool {
    let content = line.drop { $0 == " " }
    guard content.hasPrefix(key) else { return false }
    return content.dropFirst(key.count).first { $0 != " " } == ":"
  }

  private func convert(_ node: Node, depth: Int, isKey: Bool = false) -> ProfileNode? {
    let place = place(of: node)
    guard depth <= YamlBounds.deepest else {
      log.error("nested more deeply than a profile ever is", at: place)
      return nil
    }
    switch node {
    case .alias:
      log.error(YamlBounds.aliasMessage, at: place)
      return nil
    case .scalar(let scalar):
      let quoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
      guard quoted || scalar.style == .plain else {
        log.error("a text block is not accepted in a profile; write the value in one line", at: place)
        return nil
      }
      guard accepts(scalar.tag, quoted: quoted || isKey, at: place) else { return nil }
      return ProfileNode(place: place, content: .scalar(scalar.string, quoted: quoted))
    case .sequence(let sequence):
      guard accepts(sequence.tag, quoted: false, at: place) else { return nil }
      var items: [ProfileNode] = []
      for item in sequence {
        guard let converted = convert(item, depth: depth + 1) else { return nil }
        items.append(converted)
      }
      return ProfileNode(place: place, content: .list(items))
    case .mapping(let mapping):
      guard accepts(mapping.tag, quoted: false, at: place) else { return nil }
      return entries(of: mapping, depth: depth).map { ProfileNode(place: place, content: .mapping($0)) }
    }
  }

  private func place(of node: Node) -> Place {
    node.mark.map { Place(line: $0.line, column: $0.column) } ?? Place(line: 1, column: 1)
  }

  private func entries(of mapping: Node.Mapping, depth: Int) -> [ProfileNode.Entry]? {
    var entries: [ProfileNode.Entry] = []
    for (keyNode, valueNode) in mapping {
      guard case .scalar = keyNode else {
        log.error("a key is a word, not a list or a section", at: place(of: keyNode))
        return nil
      }
      guard let key = convert(keyNode, depth: depth + 1, isKey: true),
        case .scalar(let name, _) = key.content,
        let value = convert(valueNode, depth: depth + 1)
      else { return nil }
      entries.append(ProfileNode.Entry(key: name, keyPlace: key.place, node: value))
    }
    return entries
  }

  /// Tags let a text choose its own types; the schema chooses them here. A quoted text carries the text tag by itself, and a
  /// key got it when the parser compared the keys with each other.
  private func accepts(_ tag: Tag, quoted: Bool, at place: Place) -> Bool {
    let implied = tag.description
    let expected = quoted ? Tag.Name.str.rawValue : Tag.Name.implicit.rawValue
    guard implied != expected else { return true }
    log.error("tags (\(implied)) are not accepted in a profile", at: place)
    return false
  }

  private func report(_ error: any Error) {
    switch error {
    case YamlError.composer(_, "found undefined alias", let mark, _):
      log.error(YamlBounds.aliasMessage, at: Place(line: mark.line, column: mark.column))
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      let around = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
      let place = log.lastText(before: Place(line: mark.line, column: mark.column))
      log.error("broken YAML: \(problem)\(around)", at: place)
    default:
      log.error("broken YAML: \(error)", at: Place(line: 1, column: 1))
    }
  }
}
