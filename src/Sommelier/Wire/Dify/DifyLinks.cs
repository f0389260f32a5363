using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>
/// Files that an app gives out, as links in Markdown: every dialect carries those, while none but Gemini's has a place for files
/// in an answer. Dify's addresses are signed and hold for some minutes.
/// </summary>
internal static class DifyLinks
{
    /// <summary>The link to a file, or to each of a list of files, one a line; null when it is none, or one without an address on the web.</summary>
    public static string? Of(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return Link(value);
        }

        var all = new StringBuilder();
        foreach (var item in value.EnumerateArray())
        {
            if (Link(item) is not { } link)
            {
                return null;
            }

            all.Append(all.Length > 0 ? "\n" : "").Append(link);
        }

        return all.Length > 0 ? all.ToString() : null;
    }

    /// <summary>The address of a file without its signature, which is another each time that it is told; null when it has none.</summary>
    public static string? Place(JsonElement file) => Address(file) is { } address ? address.GetLeftPart(UriPartial.Path) : null;

    /// <summary>An address on the web; null when it is none, as of a server that was not told its own.</summary>
    public static Uri? Web(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address : null;

    private static string? Link(JsonElement file)
    {
        if (Address(file) is not { } address)
        {
            return null;
        }

        var image = file.Text("type") is "image" || file.Text("mime_type") is { } type && type.StartsWith("image/", StringComparison.Ordinal);
        var name = file.Text("filename") is { Length: > 0 } given ? given : image ? "image" : "file";
        return $"{(image ? "!" : "")}[{Escaped(name)}]({address.AbsoluteUri.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal)})";
    }

    private static Uri? Address(JsonElement file) => Web(file.Text("url") ?? file.Text("remote_url"));

    private static string Escaped(string name) => name.ReplaceLineEndings(" ").Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);
}
