using System.Globalization;
using System.Text.Json;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>What one event of a stream tells a client.</summary>
/// <param name="Text">A piece of the answer.</param>
/// <param name="Ended">Whether the answer is complete with it.</param>
/// <param name="Error">The message of an error; null for none.</param>
internal readonly record struct StreamStep(string Text = "", bool Ended = false, string? Error = null);

/// <summary>
/// A client of one dialect, as its official library reads replies. It shares no reader with the gateway, so that a
/// mistake there is not made here again.
/// </summary>
internal abstract class CallerDialect(string name)
{
    /// <summary>The prompt of every request.</summary>
    protected const string Prompt = "Say hello to the world.";

    /// <summary>All of them; a new one is a file in this folder and a line here.</summary>
    public static IReadOnlyList<CallerDialect> All { get; } = [new OpenAICaller(), new AnthropicCaller(), new ResponsesCaller(), new GeminiCaller(), new OllamaCaller()];

    /// <summary>The name for <c>--dialects</c>.</summary>
    public string Name => name;

    /// <summary>What a Sommelier under test asks the upstream in for this caller: <c>openai</c>, or <c>anthropic</c> where that is the caller's own.</summary>
    public virtual string Provider => "openai";

    /// <summary>Whether a stream is one JSON object a line, and not server-sent events.</summary>
    public virtual bool Lines => false;

    /// <summary>Where a chat is asked for.</summary>
    public abstract string Path(string model, bool streamed);

    /// <summary>The request.</summary>
    public abstract string Body(string model, bool streamed);

    /// <summary>The text of a whole answer; null where there is none in it.</summary>
    public abstract string? Whole(JsonElement answer);

    /// <summary>Reads the data of one event.</summary>
    /// <exception cref="JsonException">It cannot be read.</exception>
    public abstract StreamStep Read(string data);

    /// <summary>The message of an error; null where it does not have the dialect's shape.</summary>
    public virtual string? Error(JsonElement reply) =>
        reply.ValueKind == JsonValueKind.Object && reply.TryGetProperty("error", out var error) ? Text(error, "message") : null;

    /// <summary>A text member; null where there is none.</summary>
    protected static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    /// <summary>A value by its path, numbers being places in lists; undefined where there is none.</summary>
    protected static JsonElement At(JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(step, out var member))
            {
                value = member;
            }
            else if (value.ValueKind == JsonValueKind.Array && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < value.GetArrayLength())
            {
                value = value[at];
            }
            else
            {
                return default;
            }
        }

        return value;
    }

    /// <summary>Members of a list; none where it is no list.</summary>
    protected static IEnumerable<JsonElement> Items(JsonElement list) => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
}
