using System.Globalization;

namespace Sommelier.Canonical;

/// <summary>Reads lengths of time and sizes as people write them: a number and its unit.</summary>
internal static class UnitText
{
    private static readonly (string Unit, decimal Factor)[] Durations =
        [("ms", 0.001m), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    private static readonly (string Unit, decimal Factor)[] Sizes =
    [
        ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000),
        ("GB", 1_000_000_000), ("B", 1),
    ];

    /// <summary>The seconds of <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>2h</c>, <c>90d</c>; null for anything else.</summary>
    public static decimal? Seconds(string text) => WithUnit(text, Durations);

    /// <summary>The bytes of <c>64KiB</c>, <c>32MB</c> or <c>1048576</c>; null for anything else.</summary>
    public static decimal? Bytes(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) ? plain : WithUnit(text, Sizes);

    private static decimal? WithUnit(string text, (string Unit, decimal Factor)[] units)
    {
        foreach (var (unit, factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && decimal.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= 1_000_000_000_000m)
            {
                return number * factor;
            }
        }

        return null;
    }
}
