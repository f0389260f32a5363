using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Text;

/// <summary>A list of texts that may be written as one text with commas; an item with a comma stands in double quotes, a quote in it is doubled.</summary>
internal static class CommaList
{
    /// <summary>The list under a setting; empty items are a problem.</summary>
    public static IReadOnlyList<string> Read(GraderSettings settings, string name)
    {
        var texts = settings.Json(name) is JsonValue ? Split(settings.Text(name)) : settings.Texts(name);
        if (texts.Any(static text => text.Length == 0))
        {
            settings.Problem(name, "has an empty text, which every answer holds", "Take it out");
        }

        return texts;
    }

    private static List<string> Split(string text)
    {
        var items = new List<string>();
        var item = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when quoted && i + 1 < text.Length && text[i + 1] == '"':
                    item.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    items.Add(item.ToString().Trim());
                    item.Clear();
                    break;
                default:
                    item.Append(text[i]);
                    break;
            }
        }

        items.Add(item.ToString().Trim());
        return items;
    }
}
