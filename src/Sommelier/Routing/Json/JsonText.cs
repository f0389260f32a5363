using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>One spelling for every value, so that the same decision is the same bytes.</summary>
internal static class JsonText
{
    // What is written here is served as application/json, never set into HTML: names in any script stay readable.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4_096);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            write(writer, value);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void Strings(Utf8JsonWriter to, string name, IReadOnlyList<string> values)
    {
        to.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++)
        {
            to.WriteStringValue(values[i]);
        }

        to.WriteEndArray();
    }

    /// <summary>A decimal without trailing zeros, or null.</summary>
    public static void Amount(Utf8JsonWriter to, string name, decimal? value)
    {
        if (value is { } amount)
        {
            to.WriteNumber(name, amount / 1.0000000000000000000000000000m);
        }
        else
        {
            to.WriteNull(name);
        }
    }

    /// <summary>A number as it is, or null.</summary>
    public static void Number(Utf8JsonWriter to, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            to.WriteNumber(name, number);
        }
        else
        {
            to.WriteNull(name);
        }
    }

    public static void Integer(Utf8JsonWriter to, string name, long? value)
    {
        if (value is { } number)
        {
            to.WriteNumber(name, number);
        }
        else
        {
            to.WriteNull(name);
        }
    }

    public static void Flag(Utf8JsonWriter to, string name, bool? value)
    {
        if (value is { } flag)
        {
            to.WriteBoolean(name, flag);
        }
        else
        {
            to.WriteNull(name);
        }
    }

    /// <summary>UTC Unix milliseconds, or null.</summary>
    public static void Time(Utf8JsonWriter to, string name, DateTimeOffset? value) => Integer(to, name, value?.ToUnixTimeMilliseconds());

    /// <summary>A 64-bit hash as 16 hex digits: JSON readers lose bits of large numbers.</summary>
    public static void Hash(Utf8JsonWriter to, string name, ulong value)
    {
        Span<byte> digits = stackalloc byte[16];
        _ = value.TryFormat(digits, out _, "x16", CultureInfo.InvariantCulture);
        to.WriteString(name, digits);
    }

    /// <summary>A member of an enum in snake case, or null.</summary>
    public static void Word<T>(Utf8JsonWriter to, string name, T? value)
        where T : struct, Enum => to.WriteString(name, value is { } word ? EnumNames<T>.Of(word) : null);

    public static JsonElement? Get(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static IReadOnlyList<string> ReadStrings(JsonElement from, string name) =>
        Get(from, name) is { } array ? [.. array.EnumerateArray().Select(e => e.GetString()!)] : [];

    public static DateTimeOffset? ReadTime(JsonElement from, string name) =>
        Get(from, name)?.GetInt64() is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public static ulong ReadHash(JsonElement from, string name) =>
        ulong.Parse(from.GetProperty(name).GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    public static T? ReadWord<T>(JsonElement from, string name)
        where T : struct, Enum
    {
        if (Get(from, name)?.GetString() is not { } word)
        {
            return null;
        }

        return EnumNames<T>.Parse(word)
            ?? throw new FormatException($"'{name}' is '{word}', which is none of {string.Join(", ", Enum.GetValues<T>().Select(EnumNames<T>.Of))}.");
    }
}
