using System.Xml;

namespace Sommelier.Upstream.Auth;

/// <summary>The texts of an XML document's innermost elements, which is all that AWS's answers about credentials have.</summary>
internal static class FlatXml
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true };

    /// <summary>The texts by the elements' names, the first of a name; null when it is no XML.</summary>
    public static Dictionary<string, string>? Read(byte[] xml)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml), Settings);
            var name = "";
            var text = "";
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        (name, text) = (reader.LocalName, "");
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        text += reader.Value;
                        break;
                    case XmlNodeType.EndElement when string.Equals(name, reader.LocalName, StringComparison.Ordinal):
                        members.TryAdd(name, text.Trim());
                        name = "";
                        break;
                }
            }

            return members;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
