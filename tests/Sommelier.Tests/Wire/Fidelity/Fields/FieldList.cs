using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sommelier.TestKit;

namespace Sommelier.Tests.Wire.Fidelity.Fields;

/// <summary>The documented fields of a dialect, from the file beside this one: a body, and what is put into it one by one.</summary>
/// <param name="Body">What each field is put into.</param>
/// <param name="Fields">Path, value, and why it may be without effect elsewhere (null: it may not).</param>
/// <param name="Silent">Names of members that may be without effect wherever they stand, with the reason.</param>
internal sealed partial record FieldList(string Body, IReadOnlyList<(string Path, string Value, string? Why)> Fields, IReadOnlyDictionary<string, string> Silent)
{
    public static FieldList Of(string name)
    {
        var lines = Approved.Read("tests", "Sommelier.Tests", "Wire", "Fidelity", "Fields", name + ".txt").Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();
        var silent = lines.Where(line => line[0] == '*').Select(line => line[1..].Split(" ## ")).ToDictionary(pair => pair[0].Trim(), pair => pair[1], StringComparer.Ordinal);
        return new(lines[0], [.. lines.Skip(1).Where(line => line[0] != '*').Select(Read)], silent);
    }

    /// <summary>The body with a value at a path such as <c>messages[1].content[0].odd</c>.</summary>
    public JsonNode With(string path, JsonNode? value)
    {
        var body = JsonNode.Parse(Body)!;
        var at = body;
        var steps = Steps().Matches(path).Select(step => step.Value.Trim('.', '[', ']')).ToList();
        foreach (var step in steps[..^1])
        {
            at = int.TryParse(step, out var index) ? at[index]! : at[step]!;
        }

        switch (at)
        {
            case JsonArray list when int.Parse(steps[^1], null) == list.Count:
                list.Add(value);
                break;
            case JsonArray list:
                list[int.Parse(steps[^1], null)] = value;
                break;
            default:
                at[steps[^1]] = value;
                break;
        }

        return body;
    }

    /// <summary>The body, and the body with each of the fields that may not be without effect; with where the field stands, empty for the body itself.</summary>
    public IEnumerable<(string Within, JsonNode Body)> Bodies() =>
        [("", JsonNode.Parse(Body)!), .. Fields.Where(static field => field.Why is null).Select(field => (field.Path, With(field.Path, JsonNode.Parse(field.Value))))];

    /// <summary>A body with a member more in one of its objects, for each object outside of schemas; with the member's path.</summary>
    public static IEnumerable<(string Path, JsonNode Body)> With(JsonNode body, string member)
    {
        foreach (var owner in Objects(body, "", ""))
        {
            var odd = body.DeepClone();
            var at = owner.Steps.Aggregate(odd, static (node, step) => int.TryParse(step, out var index) ? node[index]! : node[step]!);
            at[member] = 1;
            yield return (owner.Path.Length == 0 ? member : $"{owner.Path}.{member}", odd);
        }
    }

    private static IEnumerable<(string Path, string[] Steps)> Objects(JsonNode? node, string path, string name)
    {
        if (node is JsonArray list)
        {
            return list.SelectMany((item, index) => Objects(item, $"{path}[{index}]", "").Select(found => (found.Path, (string[])[$"{index}", .. found.Steps])));
        }

        return node is JsonObject all && !IsSchema(all, name)
            ? all.SelectMany(member => Objects(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}", member.Key).Select(found => (found.Path, (string[])[member.Key, .. found.Steps]))).Prepend((path, []))
            : [];
    }

    private static bool IsSchema(JsonObject value, string name) =>
        (Schemas.Contains(name) || name is "json" or "input_schema" or "response") && value["type"] is JsonValue type && type.ToString().ToUpperInvariant() is "OBJECT" or "STRING";

    /// <summary>A value without one of its members, for each member of it and of what stands in it; schemas are one value.</summary>
    public static IEnumerable<(string Member, JsonNode Remainder)> Less(JsonNode? value, string path = "")
    {
        if (value is JsonObject all)
        {
            foreach (var (name, inner) in all.ToList())
            {
                var rest = (JsonObject)all.DeepClone();
                rest.Remove(name);
                yield return ($"{path}.{name}", rest);
                foreach (var (member, less) in Schemas.Contains(name) ? [] : Less(inner, $"{path}.{name}"))
                {
                    rest = (JsonObject)all.DeepClone();
                    rest[name] = less;
                    yield return (member, rest);
                }
            }
        }
        else if (value is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                foreach (var (member, less) in Less(list[i], path))
                {
                    var rest = (JsonArray)list.DeepClone();
                    rest[i] = less;
                    yield return (member, rest);
                }
            }
        }
    }

    private static readonly HashSet<string> Schemas = new(StringComparer.Ordinal) { "schema", "responseSchema", "responseJsonSchema", "parameters", "parametersJsonSchema", "format" };

    private static (string Path, string Value, string? Why) Read(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var why = line.IndexOf(" ## ", StringComparison.Ordinal);
        return (line[..space], why < 0 ? line[(space + 1)..] : line[(space + 1)..why], why < 0 ? null : line[(why + 4)..]);
    }

    [GeneratedRegex(@"[^.\[\]]+")]
    private static partial Regex Steps();
}
