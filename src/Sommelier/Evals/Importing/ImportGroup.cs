using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing;

/// <summary>An object of the source that remembers which of its keys were asked for: what nobody asked for is noted, not dropped in silence.</summary>
/// <param name="values">The object.</param>
/// <param name="file">Its file, for notes.</param>
/// <param name="path">Its place there; empty for the file as a whole.</param>
/// <param name="notes">Takes what could not be carried over.</param>
internal sealed class ImportGroup(JsonObject values, string file, string path, ImportNotes notes)
{
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    /// <summary>The object itself.</summary>
    public JsonObject Values => values;

    /// <summary>Its file.</summary>
    public string File => file;

    /// <summary>Its place in the file.</summary>
    public string Path => path;

    /// <summary>A key's value; null when it is absent.</summary>
    public JsonNode? this[string key]
    {
        get
        {
            read.Add(key);
            return values[key];
        }
    }

    /// <summary>A text, also of a number or a boolean; null when it is absent or no single value.</summary>
    public string? Text(string key) => this[key] is JsonValue value ? JsonTexts.Of(value) : null;

    /// <summary>A number; null when it is absent or none, which is noted.</summary>
    public double? Number(string key)
    {
        switch (this[key])
        {
            case null:
                return null;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                return value.GetValue<double>();
            default:
                Lost(key, "is no number", "Correct it and import again, or write it into the suite by hand");
                return null;
        }
    }

    /// <summary>Whether a key says true.</summary>
    public bool Flag(string key) => this[key] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>A key's place.</summary>
    public string At(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Takes keys that say nothing about what is asked and how it is graded.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            read.Add(key);
        }
    }

    /// <summary>Notes that a key's value is gone.</summary>
    public void Lost(string key, string what, string remedy) => notes.Lost(file, At(key), what, remedy);

    /// <summary>Notes that a key's value means a little else.</summary>
    public void Changed(string key, string what, string remedy) => notes.Changed(file, At(key), what, remedy);

    /// <summary>Notes each key that nobody asked for.</summary>
    public void NoteRest()
    {
        foreach (var (key, _) in values.Where(pair => !read.Contains(pair.Key)))
        {
            Lost(key, $"a suite has nothing like '{key}'", "Do without it, or say it in the suite another way");
        }
    }
}
