using System.Text.Json.Nodes;
using Sommelier.Canonical;

namespace Sommelier.Evals.Sampling;

/// <summary>What was drawn, and what became of the rest.</summary>
internal sealed class DrawnSample
{
    private readonly SortedDictionary<string, SampledIntent> intents = new(StringComparer.Ordinal);

    /// <summary>The cases, in the order of the draw.</summary>
    public List<JsonObject> Cases { get; } = [];

    /// <summary>Chats in the span of time, of the keys that are meant.</summary>
    public int Looked { get; set; }

    /// <summary>Of them, those that the rest of the filter lets through.</summary>
    public int Passed { get; set; }

    /// <summary>Of them, those whose bodies are not stored.</summary>
    public int WithoutBodies { get; set; }

    /// <summary>Of them, those whose bodies were stored in part only.</summary>
    public int Cut { get; set; }

    /// <summary>Drawn, but no conversation and answer that can be read: a continued conversation that the vendor keeps, for one.</summary>
    public int Unreadable { get; set; }

    /// <summary>Drawn, but nearly the same as one that was drawn before.</summary>
    public int Alike { get; set; }

    /// <summary>By intent; those that were not classified stand under an empty name.</summary>
    public IReadOnlyDictionary<string, SampledIntent> Intents => intents;

    /// <summary>The counts of an intent.</summary>
    public SampledIntent Count(Intent? intent)
    {
        var name = intent?.Name() ?? "";
        return intents.TryGetValue(name, out var found) ? found : intents[name] = new();
    }
}

/// <summary>Counts of one intent.</summary>
internal sealed class SampledIntent
{
    /// <summary>Requests that passed and have bodies.</summary>
    public int Found { get; set; }

    /// <summary>Of them, those that became cases.</summary>
    public int Drawn { get; set; }
}
