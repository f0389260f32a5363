using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>The vendors' words for how a call is served, see <see cref="Canonical.Usage.ServiceTier"/>.</summary>
internal static class ServiceTiers
{
    private const int MaxLength = 40;

    // The usual way, or whichever the vendor likes.
    private static readonly string[] Usual = ["default", "standard", "auto", "on_demand", "ON_DEMAND", "unspecified", "TRAFFIC_TYPE_UNSPECIFIED", "standard_only", "STANDARD", "off", ""];

    private static readonly (string Word, string Tier)[] Known =
    [
        ("priority", "priority"), ("flex", "flex"), ("fast", "fast"), ("batch", "batch"), ("scale", "scale"), ("reserved", "reserved"),
        ("PRIORITY", "priority"), ("FLEX", "flex"), ("ON_DEMAND_PRIORITY", "priority"), ("ON_DEMAND_FLEX", "flex"),
        ("ON_DEMAND_OFFPEAK", "offpeak"), ("PROVISIONED_THROUGHPUT", "provisioned_throughput"), ("optimized", "optimized"), ("performance", "performance"),
    ];

    /// <summary>The tier of the word at which the reader stands; null for the usual one, and for what is no word. Leaves the reader there.</summary>
    public static string? Of(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        foreach (var usual in Usual)
        {
            if (reader.ValueTextEquals(usual))
            {
                return null;
            }
        }

        foreach (var (word, tier) in Known)
        {
            if (reader.ValueTextEquals(word))
            {
                return tier;
            }
        }

        return Other(JsonText.Tolerant(ref reader));
    }

    /// <summary>The tier of a member; null for the usual one, and where there is no word.</summary>
    public static string? Of(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Of(value.GetString()!) : null;

    /// <summary>The tier of the member <c>type</c> (or another) of the object at which the reader stands, as Bedrock has it. Leaves the reader at its end.</summary>
    public static string? Inside(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        string? tier = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt)
            {
                tier = Of(ref reader);
            }

            reader.Skip();
        }

        return tier;
    }

    /// <summary>Whether a vendor's word says how a call is served: <c>auto</c> leaves it open.</summary>
    public static bool Tells(ReadOnlySpan<byte> word) => !word.IsEmpty && !word.SequenceEqual("auto"u8);

    /// <summary>A vendor's word as text: no new one for the words that are known, which come with each answer.</summary>
    public static string Word(ReadOnlySpan<byte> word)
    {
        foreach (var usual in Usual)
        {
            if (Ascii.Equals(word, usual))
            {
                return usual;
            }
        }

        foreach (var (known, _) in Known)
        {
            if (Ascii.Equals(word, known))
            {
                return known;
            }
        }

        return Encoding.UTF8.GetString(word);
    }

    /// <summary>The tier that a call is served in as far as is known: what the vendor says of it, and until it does (or leaves it open), what is asked for.</summary>
    /// <param name="told">The vendor's word; null when it has not said.</param>
    /// <param name="asked">The tier that is asked for; null for the usual one.</param>
    public static string? Served(string? told, string? asked) => told is null or "" or "auto" ? asked : Of(told);

    private static string? Of(string word)
    {
        if (Array.IndexOf(Usual, word) >= 0)
        {
            return null;
        }

        foreach (var (known, tier) in Known)
        {
            if (string.Equals(known, word, StringComparison.Ordinal))
            {
                return tier;
            }
        }

        return Other(word);
    }

    /// <summary>A vendor's word that is not known, no longer than the ledger is to keep.</summary>
    public static string Other(string word) => (word.Length > MaxLength ? word[..MaxLength] : word).ToLowerInvariant();
}
