using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Reads the <c>sommelier</c> object of a request, the same in every dialect.</summary>
/// <remarks>An unknown control is refused: a misspelt limit that is silently ignored costs money.</remarks>
internal static class CallerHintsReader
{
    /// <summary>The object's name among a body's members.</summary>
    public const string Member = "sommelier";

    // Tags and lists are kept with the request for as long as the ledger is: nobody may fill it with them.
    private const int LongestText = 512;
    private const int MostTexts = 200;

    private const string Known =
        "policy, max_cost_usd, max_latency_ms, min_quality, data, regions, only, exclude, session, tags, strict, fallback, cache, on_break";

    /// <summary>Reads the object at whose first token the reader stands, and leaves it at its last.</summary>
    /// <exception cref="WireException">A control is unknown, of the wrong type or out of range.</exception>
    public static CallerHints? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FieldError.WrongType(Member, "an object", reader.TokenType);
        }

        var hints = CallerHints.None;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonText.Of(ref reader, Member);
            if (!seen.Add(name))
            {
                throw FieldError.Duplicate($"{Member}.{name}");
            }

            reader.Read();
            hints = Field(hints, name, ref reader);
        }

        return hints;
    }

    private static CallerHints Field(CallerHints hints, string name, ref Utf8JsonReader reader)
    {
        var path = $"{Member}.{name}";
        if (reader.TokenType == JsonTokenType.Null && Known.Split(", ").Contains(name, StringComparer.Ordinal))
        {
            return hints;
        }

        return name switch
        {
            "policy" => hints with { Policy = Text(ref reader, path) },
            "max_cost_usd" => hints with { MaxCostUsd = Cost(ref reader, path) },
            "max_latency_ms" => hints with { MaxLatencyMs = Milliseconds(ref reader, path) },
            "min_quality" => hints with { MinQuality = Share(ref reader, path) },
            "data" => hints with { Data = Class(ref reader, path) },
            "regions" => hints with { Regions = Texts(ref reader, path) },
            "only" => hints with { Only = Texts(ref reader, path) },
            "exclude" => hints with { Exclude = Texts(ref reader, path) },
            "session" => hints with { Session = Text(ref reader, path) },
            "tags" => hints with { Tags = Texts(ref reader, path) },
            "strict" => hints with { Strict = Flag(ref reader, path) },
            "fallback" => hints with { Fallback = Flag(ref reader, path) },
            "cache" => hints with { Cache = Cache(ref reader, path) },
            "on_break" => hints with { OnBreak = Break(ref reader, path) },
            _ => throw WireException.Invalid(path, $"'{path}' is not a control. Known: {Known}."),
        };
    }

    private static string Text(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw FieldError.WrongType(path, "a string", reader.TokenType);
        }

        var text = JsonText.Of(ref reader, path);
        return text.Length switch
        {
            0 => throw FieldError.OutOfRange(path, "a string that is not empty"),
            > LongestText => throw FieldError.OutOfRange(path, $"a string of at most {LongestText} characters"),
            _ => text,
        };
    }

    private static decimal Cost(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw FieldError.WrongType(path, "a number of USD", reader.TokenType);
        }

        return reader.TryGetDecimal(out var usd) && usd >= 0 ? usd : throw FieldError.OutOfRange(path, "0 or more, in USD");
    }

    private static int Milliseconds(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw FieldError.WrongType(path, "a whole number of milliseconds", reader.TokenType);
        }

        return reader.TryGetInt32(out var value) && value > 0
            ? value
            : throw FieldError.OutOfRange(path, "a whole number of milliseconds from 1 on");
    }

    private static double Share(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw FieldError.WrongType(path, "a number from 0 to 1", reader.TokenType);
        }

        return reader.TryGetDouble(out var value) && value is >= 0 and <= 1
            ? value
            : throw FieldError.OutOfRange(path, "a number from 0 to 1");
    }

    private static DataClass Class(ref Utf8JsonReader reader, string path) => Text(ref reader, path) switch
    {
        "public" => DataClass.Public,
        "internal" => DataClass.Internal,
        "confidential" => DataClass.Confidential,
        var other => throw FieldError.Unknown(path, other, "public, internal, confidential"),
    };

    private static OnBreak Break(ref Utf8JsonReader reader, string path)
    {
        var word = Text(ref reader, path);
        return EnumNames<OnBreak>.Parse(word) ?? throw FieldError.Unknown(path, word, "error, continue, restart");
    }

    private static bool Flag(ref Utf8JsonReader reader, string path) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw FieldError.WrongType(path, "true or false", reader.TokenType),
    };

    private static CacheHint Cache(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType is JsonTokenType.True or JsonTokenType.False
                ? new(reader.TokenType == JsonTokenType.True)
                : throw FieldError.WrongType(path, "true, false or an object with 'ttl'", reader.TokenType);
        }

        CacheHint? hint = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonText.Of(ref reader, path);
            if (hint is not null || name is not "ttl")
            {
                throw hint is null ? WireException.Invalid($"{path}.{name}", $"'{path}.{name}' is not known. Known: ttl.") : FieldError.Duplicate($"{path}.ttl");
            }

            reader.Read();
            hint = CacheHint.OfTtl(Text(ref reader, $"{path}.ttl"))
                ?? throw FieldError.OutOfRange($"{path}.ttl", "a duration like 30s, 10m or 2h, of 1s to 30d");
        }

        return hint ?? new(true);
    }

    // One word may stand for a list of one.
    private static List<string> Texts(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return [Text(ref reader, path)];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw FieldError.WrongType(path, "a list of strings", reader.TokenType);
        }

        var values = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(values.Count < MostTexts ? Text(ref reader, $"{path}[{values.Count}]") : throw FieldError.OutOfRange(path, $"a list of at most {MostTexts} strings"));
        }

        return values;
    }
}
