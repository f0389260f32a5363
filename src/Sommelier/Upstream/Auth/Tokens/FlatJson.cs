using System.Text.Json;

namespace Sommelier.Upstream.Auth;

/// <summary>The texts and numbers of a JSON object, which is all that answers about credentials have.</summary>
internal static class FlatJson
{
    /// <summary>The members by name, numbers as they are written; null when it is no JSON object.</summary>
    /// <param name="json">The text.</param>
    /// <param name="inside">The members that lead to the object which is read; none: the outermost one.</param>
    public static Dictionary<string, string>? Read(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> inside)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            foreach (var name in inside)
            {
                if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out root))
                {
                    return null;
                }
            }

            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var members = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in root.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String)
                {
                    members[member.Name] = member.Value.GetString()!;
                }
                else if (member.Value.ValueKind == JsonValueKind.Number)
                {
                    members[member.Name] = member.Value.GetRawText();
                }
            }

            return members;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The second: half of a surrogate pair.
            return null;
        }
    }
}
