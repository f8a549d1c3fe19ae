import Foundation
import FoundationXML

/// Reads an SVG picture of a flow the way a browser would.
final class PictureReader: NSObject, XMLParserDelegate {
  /// The whole picture.
  private(set) var size = CGSize.zero
  /// The boxes of the states.
  private(set) var boxes: [CGRect] = []
  /// How many arrows there are.
  private(set) var arrows = 0
  /// Every text in it.
  private(set) var texts: Set<String> = []
  private var text = ""

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
    func number(_ key: String) -> Double { Double(attributes[key] ?? "") ?? 0 }
    switch name {
    case "svg": size = CGSize(width: number("width"), height: number("height"))
    case "rect" where attributes["rx"] != nil:
      boxes.append(CGRect(x: number("x"), y: number("y"), width: number("width"), height: number("height")))
    case "path" where attributes["class"]?.hasPrefix("way") == true: arrows += 1
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "text" || name == "title" { texts.insert(text) }
  }
}
