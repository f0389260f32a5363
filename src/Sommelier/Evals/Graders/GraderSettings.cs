using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Configuration;

namespace Sommelier.Evals.Graders;

/// <summary>
/// The settings of one expectation: <c>value</c>, <c>threshold</c> and what else its kind takes. Reading a setting that is
/// missing or of another kind notes a problem and gives a harmless value, so that all mistakes of a suite are told at once.
/// Settings that nobody has read when the grader is made are mistakes too.
/// </summary>
public sealed class GraderSettings
{
    private readonly JsonObject values;
    private readonly ConfigPosition position;
    private readonly string path;
    private readonly List<ConfigProblem> problems;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    internal GraderSettings(JsonObject values, string folder, ConfigPosition position, string path, List<ConfigProblem> problems)
    {
        this.values = values;
        this.position = position;
        this.path = path;
        this.problems = problems;
        Folder = folder;
    }

    /// <summary>The suite's folder: files named in settings are looked for there.</summary>
    public string Folder { get; }

    /// <summary>The settings that have not been read.</summary>
    internal IEnumerable<string> Unread => values.Select(static pair => pair.Key).Where(key => !read.Contains(key));

    /// <summary>The settings that were asked for: those that the grader takes.</summary>
    internal IReadOnlyCollection<string> Names => read;

    /// <summary>The setting as JSON; null when it is absent.</summary>
    public JsonNode? Json(string name)
    {
        read.Add(name);
        return values[name];
    }

    /// <summary>A text, also of a number or a boolean; a missing one is a problem.</summary>
    public string Text(string name)
    {
        var text = OptionalText(name);
        if (text is null)
        {
            Problem(name, "is missing", $"Add {name}: with a text");
        }

        return text ?? "";
    }

    /// <summary>A text of at least one letter.</summary>
    public string Filled(string name)
    {
        var text = Text(name);
        if (text.Length == 0 && Json(name) is not null)
        {
            Problem(name, "is empty", "Write a text");
        }

        return text;
    }

    /// <summary>Any value as an element that outlives the settings; null when it is absent.</summary>
    public JsonElement? Element(string name)
    {
        if (Json(name) is not { } node)
        {
            return null;
        }

        using var document = JsonDocument.Parse(node.ToJsonString(), new JsonDocumentOptions { MaxDepth = 256 });
        return document.RootElement.Clone();
    }

    /// <summary>A text, or null when it is absent.</summary>
    public string? OptionalText(string name)
    {
        switch (Json(name))
        {
            case null:
                return null;
            case JsonValue value:
                return value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            default:
                Problem(name, "is not a text", "Write one value");
                return null;
        }
    }

    /// <summary>A list of texts; a single text counts as a list of one. A missing one is a problem.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        switch (Json(name))
        {
            case JsonArray list when list.All(static item => item is JsonValue):
                return [.. list.Select(static item => item!.GetValueKind() == JsonValueKind.String ? item.GetValue<string>() : item.ToJsonString())];
            case JsonValue:
                return [Text(name)];
            case null:
                Problem(name, "is missing", $"Add {name}: with a list of texts");
                return [];
            default:
                Problem(name, "is not a list of texts", "Write [one, two]");
                return [];
        }
    }

    /// <summary>A number within bounds, or the default when it is absent.</summary>
    public double Number(string name, double absent, double min = double.NegativeInfinity, double max = double.PositiveInfinity)
    {
        switch (Json(name))
        {
            case null:
                return absent;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() is var number && number >= min && number <= max:
                return number;
            default:
                Problem(name, "is not a number that fits", string.Create(CultureInfo.InvariantCulture, $"Write a number from {min} to {max}"));
                return absent;
        }
    }

    /// <summary>True or false, or the default when it is absent.</summary>
    public bool Flag(string name, bool absent)
    {
        switch (Json(name))
        {
            case null:
                return absent;
            case JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                return value.GetValue<bool>();
            default:
                Problem(name, "is not true or false", "Write true or false");
                return absent;
        }
    }

    /// <summary>One of a few words, or the default when it is absent.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="words">The words; the first is the default.</param>
    public string Word(string name, params ReadOnlySpan<string> words)
    {
        if (OptionalText(name) is not { } said)
        {
            return words[0];
        }

        if (!words.Contains(said))
        {
            Problem(name, $"is '{said}'", $"Write one of {string.Join(", ", words)}");
            return words[0];
        }

        return said;
    }

    /// <summary>The settings of something that stands within these, with the same problems.</summary>
    internal GraderSettings Within(JsonObject inner, string place) => new(inner, Folder, position, $"{path}.{place}", problems);

    /// <summary>Notes what is wrong with a setting.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="what">What is wrong, as a clause without a full stop that follows the setting's name.</param>
    /// <param name="remedy">What to do, as a sentence without a full stop.</param>
    public void Problem(string name, string what, string remedy) => problems.Add(new(position, $"{path}.{name}", what, remedy));
}
