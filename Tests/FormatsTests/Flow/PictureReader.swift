import Foundation
import FoundationXML

/// Reads an SVG picture of a flow the way a browser would.
final class PictureReader: NSObject, XMLParserDelegate {
  /// The whole picture.
  private(set) var size = CGSize.zero
  /// The boxes of the states.
  private(set) var boxes: [CGRect] = []
  /// The attributes of the arrows.
  private(set) var edges: [[String: String]] = []
  /// The attributes of the groups, each of which is a box with its texts.
  private(set) var groups: [[String: String]] = []
  /// The attributes of the whole picture.
  private(set) var root: [String: String] = [:]
  /// The names of all elements.
  private(set) var elements: Set<String> = []
  /// Every text in it.
  private(set) var texts: Set<String> = []
  private var text = ""

  /// How many arrows there are.
  var arrows: Int { edges.count }

  static func read(_ svg: String) throws -> PictureReader {
    let reader = PictureReader()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.propertyListReadCorrupt) }
    return reader
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    text = ""
    elements.insert(name)
    func number(_ key: String) -> Double { Double(attributes[key] ?? "") ?? 0 }
    switch name {
    case "svg":
      root = attributes
      size = CGSize(width: number("width"), height: number("height"))
    case "rect" where attributes["rx"] != nil:
      boxes.append(CGRect(x: number("x"), y: number("y"), width: number("width"), height: number("height")))
    case "path" where attributes["class"]?.hasPrefix("edge") == true: edges.append(attributes)
    case "g": groups.append(attributes)
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "text" || name == "title" { texts.insert(text) }
  }
}
