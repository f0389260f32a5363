using System.Text.Json;

namespace Sommelier.Upstream.Auth;

/// <summary>The texts and numbers at the top of a JSON object, which is all that answers about credentials have.</summary>
internal static class FlatJson
{
    /// <summary>The members by name, numbers as they are written; null when it is no JSON object.</summary>
    public static Dictionary<string, string>? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var members = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
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
