using System.Globalization;
using System.Text;

namespace Sommelier.Configuration.Keys;

/// <summary>Writes the table of keys for docs/configuration.md.</summary>
internal static class KeyTable
{
    /// <summary>A Markdown table: key, what it takes, default, meaning.</summary>
    public static string Write()
    {
        var table = new StringBuilder("| key | value | default | meaning |\n|---|---|---|---|\n");
        var named = new Dictionary<KeySpec, string>(ReferenceEqualityComparer.Instance);
        foreach (var key in ConfigKeys.Root.Keys)
        {
            Write(table, key, key.Name, named);
        }

        return table.ToString();
    }

    private static void Write(StringBuilder table, KeySpec key, string path, Dictionary<KeySpec, string> named)
    {
        var value = key.Kind switch
        {
            KeyKind.List => $"list of {Plural(key.Item!)}",
            KeyKind.Group when key.Shorthand.Length > 0 && key.Find(key.Shorthand) is { } filled => $"keys, or {Value(filled)}",
            KeyKind.Group => "keys",
            _ => Value(key),
        };
        var @default = key.Required ? "required" : key.Default;
        table.Append(CultureInfo.InvariantCulture, $"| `{path}` | {value} | {@default} | {key.Summary} |\n");
        var inner = key.Kind == KeyKind.List && key.Item!.Kind == KeyKind.Group ? key.Item : key;
        var prefix = inner == key ? path : path + "[]";
        foreach (var child in inner.Keys)
        {
            Write(table, child, $"{prefix}.{child.Name}", named);
        }

        if (inner.Others is { } others)
        {
            // What is written under names of the user's own in two places is described once.
            if (!named.TryAdd(others, $"{prefix}.{others.Name}"))
            {
                table.Append(CultureInfo.InvariantCulture, $"| `{prefix}.{others.Name}` | keys as in `{named[others]}` |  | {others.Summary} |\n");
                return;
            }

            Write(table, others, $"{prefix}.{others.Name}", named);
        }
    }

    private static string Value(KeySpec key) => key.Kind switch
    {
        KeyKind.Text => "text",
        KeyKind.Secret => "text (secret)",
        KeyKind.Url => "address",
        KeyKind.Integer => "whole number" + Range(key),
        KeyKind.Number => "number" + Range(key),
        KeyKind.Boolean => "true, false",
        KeyKind.Duration => string.Join(", ", [.. key.Choices, "duration"]),
        KeyKind.Size => "size",
        KeyKind.Date => "day",
        KeyKind.Choice => string.Join(", ", key.Choices),
        KeyKind.List => $"list of {Plural(key.Item!)}",
        _ => "keys",
    };

    private static string Plural(KeySpec item) => item.Kind switch
    {
        KeyKind.Text => "texts",
        KeyKind.Secret => "texts (secret)",
        KeyKind.Url => "addresses",
        KeyKind.Group => "groups of keys",
        KeyKind.Choice => string.Join(", ", item.Choices),
        _ => Value(item),
    };

    private static string Range(KeySpec key) => key is { Min: { } min, Max: { } max } && max < 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $", {min} to {max}")
        : "";
}
