using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Configuration.Keys;

namespace Sommelier.Configuration.Reading;

/// <summary>Turns the text of a single value into what its key asks for.</summary>
internal static class ScalarParser
{
    /// <summary>The value; null when the text is not one, with what was expected instead.</summary>
    public static object? Parse(KeySpec key, string text, out string expected)
    {
        expected = "";
        switch (key.Kind)
        {
            case KeyKind.Text or KeyKind.Secret:
                expected = "a text that is not empty";
                return text.Length == 0 ? null : text;
            case KeyKind.Url:
                expected = "an http or https address, like http://127.0.0.1:8000/v1";
                return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 ? uri : null;
            case KeyKind.Integer:
                expected = Range("a whole number", key, "");
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) && Within(key, integer) ? integer : null;
            case KeyKind.Number:
                expected = Range("a number", key, "");
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Within(key, number) ? number : null;
            case KeyKind.Boolean:
                expected = "true or false";
                return text switch { "true" => true, "false" => false, _ => null };
            case KeyKind.Duration:
                expected = Range("a duration like 500ms, 30s, 10m, 2h or 90d", key, "s");
                if (key.Choices.Count > 0)
                {
                    expected = $"{string.Join(", ", key.Choices)} or {expected}";
                    if (key.Choices.Contains(text, StringComparer.Ordinal))
                    {
                        return text;
                    }
                }

                return UnitText.Seconds(text) is { } seconds && Within(key, seconds) ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
            case KeyKind.Size:
                expected = Range("a size like 64KiB, 32MB or a number of bytes", key, " bytes");
                return UnitText.Bytes(text) is { } size && Within(key, size) ? (long)size : null;
            case KeyKind.Date:
                expected = "a day like 2026-11-30";
                return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
            case KeyKind.Choice:
                expected = $"one of {string.Join(", ", key.Choices)}";
                return key.Choices.Contains(text, StringComparer.Ordinal) ? text : null;
            default:
                throw new ArgumentException($"'{key.Name}' is no single value.", nameof(key));
        }
    }

    private static bool Within(KeySpec key, decimal value) => !(value < key.Min) && !(value > key.Max);

    private static string Range(string what, KeySpec key, string unit) => (key.Min, key.Max) switch
    {
        ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $"{what}, from {min}{unit} to {max}{unit}"),
        ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $"{what}, {min}{unit} or more"),
        (null, { } max) => string.Create(CultureInfo.InvariantCulture, $"{what}, {max}{unit} or less"),
        _ => what,
    };
}
