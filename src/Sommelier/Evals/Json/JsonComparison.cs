using System.Globalization;
using System.Text.Json;
using Sommelier.Judging;

namespace Sommelier.Evals.Json;

/// <summary>Whether two JSON values are the same, and where not.</summary>
/// <remarks>Numbers are compared as doubles, as JavaScript does; the last of several members of one name counts.</remarks>
internal sealed record JsonComparison
{
    private const int MostSteps = 2_000_000;

    /// <summary>Whether the answer's objects may have more members than the wanted ones.</summary>
    public bool Subset { get; init; }

    /// <summary>Whether lists are bags: the same items in any order.</summary>
    public bool AnyOrder { get; init; }

    /// <summary>How far a number may be off.</summary>
    public double Tolerance { get; init; }

    /// <summary>How far a number may be off, as a share of the wanted one.</summary>
    public double RelativeTolerance { get; init; }

    /// <summary>The first difference, with its JSON path; null when there is none.</summary>
    public string? Difference(JsonElement? wanted, JsonElement found)
    {
        var steps = MostSteps;
        try
        {
            return wanted is { } value ? Compare(value, found, "$", ref steps) : "there is nothing to compare with";
        }
        catch (InvalidOperationException)
        {
            return "it holds text that is no Unicode";
        }
    }

    /// <summary>Whether a number is near enough to the wanted one.</summary>
    public bool IsNear(double wanted, double found) =>
        wanted.Equals(found) || Math.Abs(wanted - found) <= Math.Max(Tolerance, RelativeTolerance * Math.Abs(wanted));

    private string? Compare(JsonElement wanted, JsonElement found, string path, ref int steps)
    {
        if (--steps < 0)
        {
            return "there is too much to compare";
        }

        if (wanted.ValueKind != found.ValueKind)
        {
            return $"{path} is {Kind(found)}, not {Kind(wanted)}";
        }

        return wanted.ValueKind switch
        {
            JsonValueKind.Object => Members(wanted, found, path, ref steps),
            JsonValueKind.Array => AnyOrder ? Bags(wanted, found, path, ref steps) : Lists(wanted, found, path, ref steps),
            JsonValueKind.Number => IsNear(wanted.GetDouble(), found.GetDouble()) ? null : string.Create(CultureInfo.InvariantCulture, $"{path} is {found.GetDouble()}, not {wanted.GetDouble()}"),
            JsonValueKind.String => string.Equals(wanted.GetString(), found.GetString(), StringComparison.Ordinal) ? null : $"{path} is '{Short(found.GetString()!)}', not '{Short(wanted.GetString()!)}'",
            _ => null,
        };
    }

    private string? Members(JsonElement wanted, JsonElement found, string path, ref int steps)
    {
        var (left, right) = (ByName(wanted), ByName(found));
        foreach (var (name, value) in left)
        {
            var difference = right.TryGetValue(name, out var other) ? Compare(value, other, $"{path}.{name}", ref steps) : $"{path}.{name} is missing";
            if (difference is not null)
            {
                return difference;
            }
        }

        return Subset || right.Count == left.Count ? null : $"{path}.{right.Keys.First(name => !left.ContainsKey(name))} is one too many";
    }

    private string? Lists(JsonElement wanted, JsonElement found, string path, ref int steps)
    {
        var count = wanted.GetArrayLength();
        if (count != found.GetArrayLength())
        {
            return string.Create(CultureInfo.InvariantCulture, $"{path} has {found.GetArrayLength()} items, not {count}");
        }

        // By enumerators: an element's indexer walks from the list's beginning.
        using var others = found.EnumerateArray().GetEnumerator();
        var index = 0;
        foreach (var item in wanted.EnumerateArray())
        {
            others.MoveNext();
            if (Compare(item, others.Current, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), ref steps) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? Bags(JsonElement wanted, JsonElement found, string path, ref int steps)
    {
        var (left, right) = (wanted.EnumerateArray().ToArray(), found.EnumerateArray().ToArray());
        if (left.Length != right.Length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{path} has {right.Length} items, not {left.Length}");
        }

        var budget = steps;
        var unmatched = Pairing.FirstAlone(left.Length, right.Length, (i, j) => budget >= 0 && Compare(left[i], right[j], path, ref budget) is null);
        steps = budget;
        return unmatched is not { } index ? null : steps < 0 || index == Pairing.GivenUp ? "there is too much to compare" : string.Create(CultureInfo.InvariantCulture, $"{path} lacks the wanted item {index}");
    }

    private static Dictionary<string, JsonElement> ByName(JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
