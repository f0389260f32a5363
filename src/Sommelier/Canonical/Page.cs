using System.Text.Json;

namespace Sommelier.Canonical;

/// <summary>A part of a list.</summary>
/// <param name="Items">What is on it, in the order of the list.</param>
/// <param name="NextAfter">What the next page begins behind; null where this one is the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextAfter)
{
    /// <summary>Writes the items under <c>data</c>, <c>has_more</c> and <c>next_after</c>.</summary>
    /// <param name="json">Stands in an object.</param>
    /// <param name="item">Writes one item as a whole value.</param>
    public void Members(Utf8JsonWriter json, Action<Utf8JsonWriter, T> item)
    {
        json.WriteStartArray("data");
        foreach (var one in Items)
        {
            item(json, one);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more", NextAfter is not null);
        json.WriteString("next_after", NextAfter);
    }
}
