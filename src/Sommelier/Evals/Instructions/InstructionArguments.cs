using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Instructions;

/// <summary>The arguments of one instruction, under IFEval's names. A missing or wrong one is told and gives a harmless value.</summary>
/// <param name="values">The arguments.</param>
/// <param name="problem">Takes the argument's name, what is wrong and what to do.</param>
internal sealed class InstructionArguments(JsonObject values, Action<string, string, string> problem)
{
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    /// <summary>The arguments that nobody has read; those without a value count as absent, as in the data set.</summary>
    public IEnumerable<string> Unread => values.Where(pair => pair.Value is not null && !read.Contains(pair.Key)).Select(static pair => pair.Key);

    /// <summary>A text.</summary>
    public string Text(string name)
    {
        if (Get(name) is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            return value.GetValue<string>();
        }

        problem(name, "is not a text", $"Add {name}: with a text");
        return "";
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Get(name) is JsonArray { Count: > 0 } list && list.All(static item => item?.GetValueKind() == JsonValueKind.String))
        {
            return [.. list.Select(static item => item!.GetValue<string>())];
        }

        problem(name, "is not a list of texts", $"Add {name}: [one, two]");
        return [];
    }

    /// <summary>A whole number, 0 or more.</summary>
    public int Whole(string name)
    {
        if (Get(name) is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() is >= 0 and <= int.MaxValue and var number && double.IsInteger(number))
        {
            return (int)number;
        }

        problem(name, "is not a whole number", $"Add {name}: with a number");
        return 0;
    }

    /// <summary>A comparison with a whole number: <c>at least</c>, <c>less than</c>.</summary>
    public Func<int, bool> Relation(string name, string number)
    {
        var limit = Whole(number);
        switch (Get(name) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null)
        {
            case "at least":
                return count => count >= limit;
            case "less than":
                return count => count < limit;
            default:
                problem(name, "is not a relation", "Write 'at least' or 'less than'");
                return static _ => false;
        }
    }

    private JsonNode? Get(string name)
    {
        read.Add(name);
        return values[name];
    }
}
